#[automatically_derived]
impl<T> renamed::memory::DeepClone for Renamed<T>
where
    T: renamed::memory::DeepClone,
{
    fn handles(&self, __found: &mut renamed::memory::Handles) {
        match self {
            Self { 0: __field0, .. } => {
                <memory::Gc<
                    T,
                > as renamed::memory::DeepClone>::handles(__field0, __found);
            }
        }
    }
    fn deep_clone(&self, __clones: &renamed::memory::Clones) -> Self {
        match self {
            Self { 0: __field0 } => {
                Self {
                    0: <memory::Gc<
                        T,
                    > as renamed::memory::DeepClone>::deep_clone(__field0, __clones),
                }
            }
        }
    }
    fn relink(&self, __original: &Self, __clones: &renamed::memory::Clones) {
        match (self, __original) {
            (Self { 0: __field0, .. }, Self { 0: __original0, .. }) => {
                <memory::Gc<
                    T,
                > as renamed::memory::DeepClone>::relink(
                    __field0,
                    __original0,
                    __clones,
                );
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}

#[automatically_derived]
impl ::gc_core::DeepClone for Mistaken {
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match self {
            Self { 0: __field0, .. } => {
                <Gc<u8> as ::gc_core::DeepClone>::handles(__field0, __found);
            }
        }
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match self {
            Self { 0: __field0 } => {
                Self {
                    0: <Gc<u8> as ::gc_core::DeepClone>::deep_clone(__field0, __clones),
                }
            }
        }
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            (Self { 0: __field0, .. }, Self { 0: __original0, .. }) => {
                <Gc<
                    u8,
                > as ::gc_core::DeepClone>::relink(__field0, __original0, __clones);
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}
