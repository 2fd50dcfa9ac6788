#[automatically_derived]
unsafe impl<T> ::gc_core::Trace for Arena<T>
where
    T: 'static,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { foreign: __field0, near: __field1, .. } => {
                unsafe { Foreign::<T>::visit(__field0, __tracer) };
                <Gc<u8> as ::gc_core::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { foreign: __field0, near: __field1, .. } => {
                __inspector
                    .field("foreign")
                    .unnamed(|__tracer| unsafe {
                        Foreign::<T>::visit(__field0, __tracer)
                    });
                <Gc<
                    u8,
                > as ::gc_core::Trace>::inspect(__field1, __inspector.field("near"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(_: ::gc_core::Depth) -> ::core::primitive::bool {
        true
    }
}
