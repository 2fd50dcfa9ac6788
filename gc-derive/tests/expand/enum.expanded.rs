#[automatically_derived]
unsafe impl<T> ::gc_core::Trace for Shape<T>
where
    T: ::gc_core::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self::Group { 0: __field0, .. } => {
                <Vec<T> as ::gc_core::Trace>::trace(__field0, __tracer);
            }
            Self::Dot { owner: __field1, .. } => {
                <Slot<Shape<T>> as ::gc_core::Trace>::trace(__field1, __tracer);
            }
            Self::Foreign { .. } => {}
            Self::Empty { .. } => {}
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self::Group { 0: __field0, .. } => {
                <Vec<
                    T,
                > as ::gc_core::Trace>::inspect(__field0, __inspector.field("Group.0"));
            }
            Self::Dot { owner: __field1, .. } => {
                <Slot<
                    Shape<T>,
                > as ::gc_core::Trace>::inspect(
                    __field1,
                    __inspector.field("Dot.owner"),
                );
            }
            Self::Foreign { .. } => {}
            Self::Empty { .. } => {}
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <Vec<T> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Slot<Shape<T>> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self::Group { 0: __field0, .. } => {
                <Vec<T> as ::gc_core::Trace>::drops_nothing(__field0)
            }
            Self::Dot { owner: __field1, .. } => {
                !::core::mem::needs_drop::<Point>()
                    && <Slot<Shape<T>> as ::gc_core::Trace>::drops_nothing(__field1)
            }
            Self::Foreign { .. } => !::core::mem::needs_drop::<Window>(),
            Self::Empty { .. } => true,
        }
    }
}
#[automatically_derived]
impl<T> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Shape<T> {}
