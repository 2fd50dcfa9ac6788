#[automatically_derived]
unsafe impl<T, U> ::gc_core::Trace for Bound<T, U>
where
    T: 'static,
    U: 'static,
    T: Trace + Clone,
    Vec<U>: Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { one: __field0, many: __field1, .. } => {
                <T as ::gc_core::Trace>::trace(__field0, __tracer);
                <Vec<U> as ::gc_core::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { one: __field0, many: __field1, .. } => {
                <T as ::gc_core::Trace>::inspect(__field0, __inspector.field("one"));
                <Vec<
                    U,
                > as ::gc_core::Trace>::inspect(__field1, __inspector.field("many"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <T as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Vec<U> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { one: __field0, many: __field1, .. } => {
                <T as ::gc_core::Trace>::drops_nothing(__field0)
                    && <Vec<U> as ::gc_core::Trace>::drops_nothing(__field1)
            }
        }
    }
}
#[automatically_derived]
impl<T, U> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Bound<T, U> {}
