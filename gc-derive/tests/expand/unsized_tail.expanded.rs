#[automatically_derived]
unsafe impl ::gc_core::Trace for Bytes {
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { owner: __field0, bytes: __field1, .. } => {
                <Gc<u8> as ::gc_core::Trace>::trace(__field0, __tracer);
                <[u8] as ::gc_core::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { owner: __field0, bytes: __field1, .. } => {
                <Gc<
                    u8,
                > as ::gc_core::Trace>::inspect(__field0, __inspector.field("owner"));
                <[u8] as ::gc_core::Trace>::inspect(
                    __field1,
                    __inspector.field("bytes"),
                );
            }
        }
    }
    #[inline]
    fn may_hold_gc(_: ::gc_core::Depth) -> ::core::primitive::bool {
        true
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { owner: __field0, bytes: __field1, .. } => {
                <Gc<u8> as ::gc_core::Trace>::drops_nothing(__field0)
                    && <[u8] as ::gc_core::Trace>::drops_nothing(__field1)
            }
        }
    }
}
#[automatically_derived]
impl ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Bytes {}
