#[automatically_derived]
impl<T: Clone, U, const N: usize> ::gc_core::DeepClone for Generic<T, U, N>
where
    U: Ord,
    T: ::gc_core::DeepClone,
    U: ::gc_core::DeepClone,
{
    fn handles(&self, __found: &mut ::gc_core::Handles) {
        match self {
            Self { values: __field0, keys: __field1, .. } => {
                <[Option<T>; N] as ::gc_core::DeepClone>::handles(__field0, __found);
                <PhantomData<U> as ::gc_core::DeepClone>::handles(__field1, __found);
            }
        }
    }
    fn deep_clone(&self, __clones: &::gc_core::Clones) -> Self {
        match self {
            Self { values: __field0, keys: __field1 } => {
                Self {
                    values: <[Option<
                        T,
                    >; N] as ::gc_core::DeepClone>::deep_clone(__field0, __clones),
                    keys: <PhantomData<
                        U,
                    > as ::gc_core::DeepClone>::deep_clone(__field1, __clones),
                }
            }
        }
    }
    fn relink(&self, __original: &Self, __clones: &::gc_core::Clones) {
        match (self, __original) {
            (
                Self { values: __field0, keys: __field1, .. },
                Self { values: __original0, keys: __original1, .. },
            ) => {
                <[Option<
                    T,
                >; N] as ::gc_core::DeepClone>::relink(__field0, __original0, __clones);
                <PhantomData<
                    U,
                > as ::gc_core::DeepClone>::relink(__field1, __original1, __clones);
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }
}
