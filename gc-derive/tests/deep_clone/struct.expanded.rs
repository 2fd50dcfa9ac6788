#[automatically_derived]
impl ::gc_core::DeepClone for Element {
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match self {
            Self { name: __field0, children: __field1, .. } => {
                <String as ::gc_core::DeepClone>::handles(__field0, __found);
                <RefCell<
                    Vec<Gc<Element>>,
                > as ::gc_core::DeepClone>::handles(__field1, __found);
            }
        }
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match self {
            Self { name: __field0, children: __field1, style: __field2 } => {
                Self {
                    name: <String as ::gc_core::DeepClone>::deep_clone(
                        __field0,
                        __clones,
                    ),
                    children: <RefCell<
                        Vec<Gc<Element>>,
                    > as ::gc_core::DeepClone>::deep_clone(__field1, __clones),
                    style: <Gc<Style> as ::core::clone::Clone>::clone(__field2),
                }
            }
        }
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            (
                Self { name: __field0, children: __field1, .. },
                Self { name: __original0, children: __original1, .. },
            ) => {
                <String as ::gc_core::DeepClone>::relink(
                    __field0,
                    __original0,
                    __clones,
                );
                <RefCell<
                    Vec<Gc<Element>>,
                > as ::gc_core::DeepClone>::relink(__field1, __original1, __clones);
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}

#[automatically_derived]
impl ::gc_core::DeepClone for Pair {
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match self {
            Self { 0: __field0, 1: __field1, .. } => {
                <Gc<u8> as ::gc_core::DeepClone>::handles(__field0, __found);
                <Slot<Pair> as ::gc_core::DeepClone>::handles(__field1, __found);
            }
        }
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match self {
            Self { 0: __field0, 1: __field1 } => {
                Self {
                    0: <Gc<u8> as ::gc_core::DeepClone>::deep_clone(__field0, __clones),
                    1: <Slot<
                        Pair,
                    > as ::gc_core::DeepClone>::deep_clone(__field1, __clones),
                }
            }
        }
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            (
                Self { 0: __field0, 1: __field1, .. },
                Self { 0: __original0, 1: __original1, .. },
            ) => {
                <Gc<
                    u8,
                > as ::gc_core::DeepClone>::relink(__field0, __original0, __clones);
                <Slot<
                    Pair,
                > as ::gc_core::DeepClone>::relink(__field1, __original1, __clones);
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}

#[automatically_derived]
impl ::gc_core::DeepClone for Unit {
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match self {
            Self { .. } => {}
        }
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match self {
            Self {} => Self {},
        }
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            (Self { .. }, Self { .. }) => {}
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}
