#[automatically_derived]
unsafe impl ::gc_core::Trace for Bits {
    #[inline]
    fn trace(&self, _: &mut ::gc_core::Tracer<'_>) {}
    #[inline]
    fn may_hold_gc(_: ::gc_core::Depth) -> ::core::primitive::bool {
        false
    }
}
#[automatically_derived]
impl ::gc_core::GcFree for Bits {}
