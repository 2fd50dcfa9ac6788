#[automatically_derived]
unsafe impl<T: ?Sized> other::path::Trace for Connection<T>
where
    T: other::path::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut other::path::Tracer<'_>) {
        match self {
            Self { peer: __field0, state: __field1, .. } => {
                <Slot<Connection<T>> as other::path::Trace>::trace(__field0, __tracer);
                <T as other::path::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: other::path::Inspector<'_>) {
        match self {
            Self { peer: __field0, state: __field1, .. } => {
                <Slot<
                    Connection<T>,
                > as other::path::Trace>::inspect(__field0, __inspector.field("peer"));
                <T as other::path::Trace>::inspect(__field1, __inspector.field("state"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(_: other::path::Depth) -> ::core::primitive::bool {
        true
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { peer: __field0, state: __field1, .. } => {
                <Slot<Connection<T>> as other::path::Trace>::drops_nothing(__field0)
                    && <T as other::path::Trace>::drops_nothing(__field1)
            }
        }
    }
    #[inline]
    fn finalizer() -> ::core::option::Option<other::path::Finalizer<Self>>
    where
        Self: ::core::marker::Sized,
    {
        ::core::option::Option::Some(
            other::path::Finalizer::new(<Self as other::path::Finalize>::finalize),
        )
    }
}
#[automatically_derived]
impl<T: ?Sized> other::path::TracedTypesUseFinalizeInsteadOfDrop for Connection<T> {}
