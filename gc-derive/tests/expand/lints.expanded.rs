#[automatically_derived]
#[allow(clippy::disallowed_types, reason = "foreign")]
#[allow(deprecated)]
unsafe impl ::gc_core::Trace for Old {
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { before: __field0, now: __field1, .. } => {
                <u8 as ::gc_core::Trace>::trace(__field0, __tracer);
                <OldType as ::gc_core::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { before: __field0, now: __field1, .. } => {
                <u8 as ::gc_core::Trace>::inspect(__field0, __inspector.field("before"));
                <OldType as ::gc_core::Trace>::inspect(
                    __field1,
                    __inspector.field("now"),
                );
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <u8 as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <OldType as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { before: __field0, now: __field1, .. } => {
                <u8 as ::gc_core::Trace>::drops_nothing(__field0)
                    && <OldType as ::gc_core::Trace>::drops_nothing(__field1)
            }
        }
    }
}
#[automatically_derived]
#[allow(clippy::disallowed_types, reason = "foreign")]
#[allow(deprecated)]
impl ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Old {}

#[automatically_derived]
#[allow(clippy::trait_duplication_in_bounds)]
unsafe impl<T: Trace> ::gc_core::Trace for Bounded<T>
where
    T: ::gc_core::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { 0: __field0, .. } => {
                <T as ::gc_core::Trace>::trace(__field0, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { 0: __field0, .. } => {
                <T as ::gc_core::Trace>::inspect(__field0, __inspector.field("0"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <T as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { 0: __field0, .. } => <T as ::gc_core::Trace>::drops_nothing(__field0),
        }
    }
}
#[automatically_derived]
#[allow(clippy::trait_duplication_in_bounds)]
impl<T: Trace> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Bounded<T> {}
