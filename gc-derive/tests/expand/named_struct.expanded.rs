#[automatically_derived]
unsafe impl ::gc_core::Trace for Node {
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self {
                parent: __field0,
                children: __field1,
                siblings: __field2,
                r#type: __field3,
                ..
            } => {
                <Weak<Node> as ::gc_core::Trace>::trace(__field0, __tracer);
                <Vec<Gc<Node>> as ::gc_core::Trace>::trace(__field1, __tracer);
                <Vec<Gc<Node>> as ::gc_core::Trace>::trace(__field2, __tracer);
                <String as ::gc_core::Trace>::trace(__field3, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self {
                parent: __field0,
                children: __field1,
                siblings: __field2,
                r#type: __field3,
                ..
            } => {
                <Weak<
                    Node,
                > as ::gc_core::Trace>::inspect(__field0, __inspector.field("parent"));
                <Vec<
                    Gc<Node>,
                > as ::gc_core::Trace>::inspect(__field1, __inspector.field("children"));
                <Vec<
                    Gc<Node>,
                > as ::gc_core::Trace>::inspect(__field2, __inspector.field("siblings"));
                <String as ::gc_core::Trace>::inspect(
                    __field3,
                    __inspector.field("type"),
                );
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <Weak<Node> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Vec<Gc<Node>> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <String as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self {
                parent: __field0,
                children: __field1,
                siblings: __field2,
                r#type: __field3,
                ..
            } => {
                <Weak<Node> as ::gc_core::Trace>::drops_nothing(__field0)
                    && <Vec<Gc<Node>> as ::gc_core::Trace>::drops_nothing(__field1)
                    && <Vec<Gc<Node>> as ::gc_core::Trace>::drops_nothing(__field2)
                    && <String as ::gc_core::Trace>::drops_nothing(__field3)
                    && !::core::mem::needs_drop::<Rc<dyn Fn(&Node)>>()
                    && !::core::mem::needs_drop::<fn(&Node)>()
            }
        }
    }
}
#[automatically_derived]
impl ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Node {}
