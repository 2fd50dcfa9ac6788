#[automatically_derived]
unsafe impl<
    Value: Clone,
    Iter,
    Plain,
    Shared: ?Sized,
    Family,
    const N: usize,
> ::gc_core::Trace for Generic<Value, Iter, Plain, Shared, Family, N>
where
    Iter: Iterator,
    Value: ::gc_core::Trace,
    Iter: 'static,
    Plain: 'static,
    Shared: ::gc_core::GcFree,
    Family: 'static,
    Iter::Item: ::gc_core::Trace,
    <Iter as Iterator>::Item: ::gc_core::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self {
                values: __field0,
                items: __field1,
                first: __field2,
                shared: __field4,
                next: __field5,
                own: __field6,
                ..
            } => {
                <[Option<Value>; N] as ::gc_core::Trace>::trace(__field0, __tracer);
                <Vec<Iter::Item> as ::gc_core::Trace>::trace(__field1, __tracer);
                <<Iter as Iterator>::Item as ::gc_core::Trace>::trace(
                    __field2,
                    __tracer,
                );
                <Rc<Shared> as ::gc_core::Trace>::trace(__field4, __tracer);
                <Slot<Family::Node> as ::gc_core::Trace>::trace(__field5, __tracer);
                <Option<Box<Self>> as ::gc_core::Trace>::trace(__field6, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self {
                values: __field0,
                items: __field1,
                first: __field2,
                shared: __field4,
                next: __field5,
                own: __field6,
                ..
            } => {
                <[Option<
                    Value,
                >; N] as ::gc_core::Trace>::inspect(
                    __field0,
                    __inspector.field("values"),
                );
                <Vec<
                    Iter::Item,
                > as ::gc_core::Trace>::inspect(__field1, __inspector.field("items"));
                <<Iter as Iterator>::Item as ::gc_core::Trace>::inspect(
                    __field2,
                    __inspector.field("first"),
                );
                <Rc<
                    Shared,
                > as ::gc_core::Trace>::inspect(__field4, __inspector.field("shared"));
                <Slot<
                    Family::Node,
                > as ::gc_core::Trace>::inspect(__field5, __inspector.field("next"));
                <Option<
                    Box<Self>,
                > as ::gc_core::Trace>::inspect(__field6, __inspector.field("own"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <[Option<Value>; N] as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Vec<Iter::Item> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <<Iter as Iterator>::Item as ::gc_core::Trace>::may_hold_gc(
                        __depth,
                    ) || <Rc<Shared> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Slot<Family::Node> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Option<Box<Self>> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self {
                values: __field0,
                items: __field1,
                first: __field2,
                shared: __field4,
                next: __field5,
                own: __field6,
                ..
            } => {
                <[Option<Value>; N] as ::gc_core::Trace>::drops_nothing(__field0)
                    && <Vec<Iter::Item> as ::gc_core::Trace>::drops_nothing(__field1)
                    && <<Iter as Iterator>::Item as ::gc_core::Trace>::drops_nothing(
                        __field2,
                    )
                    && !::core::mem::needs_drop::<
                        (PhantomData<Plain>, fn(Plain) -> Plain),
                    >() && <Rc<Shared> as ::gc_core::Trace>::drops_nothing(__field4)
                    && <Slot<Family::Node> as ::gc_core::Trace>::drops_nothing(__field5)
                    && <Option<Box<Self>> as ::gc_core::Trace>::drops_nothing(__field6)
            }
        }
    }
}
#[automatically_derived]
impl<
    Value: Clone,
    Iter,
    Plain,
    Shared: ?Sized,
    Family,
    const N: usize,
> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop
for Generic<Value, Iter, Plain, Shared, Family, N>
where
    Iter: Iterator,
{}
