#[automatically_derived]
unsafe impl ::gc_core::Trace for Machine {
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { code: __field0, .. } => {
                <Vec<u8> as ::gc_core::Trace>::trace(__field0, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { code: __field0, .. } => {
                <Vec<
                    u8,
                > as ::gc_core::Trace>::inspect(__field0, __inspector.field("code"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <Vec<u8> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { code: __field0, .. } => {
                <Vec<u8> as ::gc_core::Trace>::drops_nothing(__field0)
                    && !::core::mem::needs_drop::<[Option<fn(&mut Machine)>; 256]>()
                    && !::core::mem::needs_drop::<
                        HashMap<String, for<'a> fn(&'a mut Machine, &str) -> &'a str>,
                    >()
                    && !::core::mem::needs_drop::<
                        Vec<(u32, unsafe extern "C" fn(*const Machine))>,
                    >()
            }
        }
    }
}
#[automatically_derived]
impl ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Machine {}
