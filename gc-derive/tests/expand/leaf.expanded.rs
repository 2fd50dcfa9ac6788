#[automatically_derived]
unsafe impl<T: Read> ::gc_core::Trace for File<T>
where
    T: 'static,
{
    #[inline]
    fn trace(&self, _: &mut ::gc_core::Tracer<'_>) {}
    #[inline]
    fn may_hold_gc(_: ::gc_core::Depth) -> ::core::primitive::bool {
        false
    }
}
#[automatically_derived]
impl<T: Read> ::gc_core::GcFree for File<T>
where
    T: 'static,
{}
