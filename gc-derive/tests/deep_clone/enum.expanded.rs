#[automatically_derived]
impl ::gc_core::DeepClone for Shape {
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match self {
            Self::Empty { .. } => {}
            Self::Pair { 0: __field0, .. } => {
                <Gc<Shape> as ::gc_core::DeepClone>::handles(__field0, __found);
            }
            Self::Named { r#type: __field0, .. } => {
                <Slot<Shape> as ::gc_core::DeepClone>::handles(__field0, __found);
            }
        }
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match self {
            Self::Empty {} => Self::Empty {},
            Self::Pair { 0: __field0, 1: __field1 } => {
                Self::Pair {
                    0: <Gc<
                        Shape,
                    > as ::gc_core::DeepClone>::deep_clone(__field0, __clones),
                    1: <Gc<u8> as ::core::clone::Clone>::clone(__field1),
                }
            }
            Self::Named { r#type: __field0 } => {
                Self::Named {
                    r#type: <Slot<
                        Shape,
                    > as ::gc_core::DeepClone>::deep_clone(__field0, __clones),
                }
            }
        }
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            (Self::Empty { .. }, Self::Empty { .. }) => {}
            (Self::Pair { 0: __field0, .. }, Self::Pair { 0: __original0, .. }) => {
                <Gc<
                    Shape,
                > as ::gc_core::DeepClone>::relink(__field0, __original0, __clones);
            }
            (
                Self::Named { r#type: __field0, .. },
                Self::Named { r#type: __original0, .. },
            ) => {
                <Slot<
                    Shape,
                > as ::gc_core::DeepClone>::relink(__field0, __original0, __clones);
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}

#[automatically_derived]
impl ::gc_core::DeepClone for Never {
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match *self {}
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match *self {}
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}
