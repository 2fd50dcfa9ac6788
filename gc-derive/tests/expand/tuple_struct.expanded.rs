#[automatically_derived]
unsafe impl ::gc_core::Trace for Pair {
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { 0: __field0, 2: __field2, .. } => {
                <Gc<u8> as ::gc_core::Trace>::trace(__field0, __tracer);
                <Slot<Pair> as ::gc_core::Trace>::trace(__field2, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { 0: __field0, 2: __field2, .. } => {
                <Gc<u8> as ::gc_core::Trace>::inspect(__field0, __inspector.field("0"));
                <Slot<
                    Pair,
                > as ::gc_core::Trace>::inspect(__field2, __inspector.field("2"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <Gc<u8> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Slot<Pair> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { 0: __field0, 2: __field2, .. } => {
                <Gc<u8> as ::gc_core::Trace>::drops_nothing(__field0)
                    && !::core::mem::needs_drop::<PhantomData<*const u8>>()
                    && <Slot<Pair> as ::gc_core::Trace>::drops_nothing(__field2)
            }
        }
    }
}
#[automatically_derived]
impl ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Pair {}
