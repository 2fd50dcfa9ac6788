#[automatically_derived]
unsafe impl<K, V, Hasher, Init, Raw, Weakly: ?Sized> ::gc_core::Trace
for Index<K, V, Hasher, Init, Raw, Weakly>
where
    K: ::gc_core::Trace,
    V: ::gc_core::Trace + ::gc_core::GcFree,
    Hasher: 'static,
    Init: 'static,
    Raw: 'static,
    Weakly: ::gc_core::GcFree,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self {
                entries: __field0,
                keys: __field1,
                first: __field2,
                raw: __field3,
                weak: __field4,
                shared: __field5,
                ..
            } => {
                <HashMap<
                    K,
                    Gc<V>,
                    Hasher,
                > as ::gc_core::Trace>::trace(__field0, __tracer);
                <RefCell<
                    HashSet<K, Hasher>,
                > as ::gc_core::Trace>::trace(__field1, __tracer);
                <LazyCell<K, Init> as ::gc_core::Trace>::trace(__field2, __tracer);
                <Option<
                    ManuallyDrop<Raw>,
                > as ::gc_core::Trace>::trace(__field3, __tracer);
                <std::rc::Weak<Weakly> as ::gc_core::Trace>::trace(__field4, __tracer);
                <Arc<
                    HashMap<String, V, Hasher>,
                > as ::gc_core::Trace>::trace(__field5, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self {
                entries: __field0,
                keys: __field1,
                first: __field2,
                raw: __field3,
                weak: __field4,
                shared: __field5,
                ..
            } => {
                <HashMap<
                    K,
                    Gc<V>,
                    Hasher,
                > as ::gc_core::Trace>::inspect(__field0, __inspector.field("entries"));
                <RefCell<
                    HashSet<K, Hasher>,
                > as ::gc_core::Trace>::inspect(__field1, __inspector.field("keys"));
                <LazyCell<
                    K,
                    Init,
                > as ::gc_core::Trace>::inspect(__field2, __inspector.field("first"));
                <Option<
                    ManuallyDrop<Raw>,
                > as ::gc_core::Trace>::inspect(__field3, __inspector.field("raw"));
                <std::rc::Weak<
                    Weakly,
                > as ::gc_core::Trace>::inspect(__field4, __inspector.field("weak"));
                <Arc<
                    HashMap<String, V, Hasher>,
                > as ::gc_core::Trace>::inspect(__field5, __inspector.field("shared"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <HashMap<K, Gc<V>, Hasher> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <RefCell<
                        HashSet<K, Hasher>,
                    > as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <LazyCell<K, Init> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Option<
                        ManuallyDrop<Raw>,
                    > as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <std::rc::Weak<Weakly> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Arc<
                        HashMap<String, V, Hasher>,
                    > as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self {
                entries: __field0,
                keys: __field1,
                first: __field2,
                raw: __field3,
                weak: __field4,
                shared: __field5,
                ..
            } => {
                <HashMap<K, Gc<V>, Hasher> as ::gc_core::Trace>::drops_nothing(__field0)
                    && <RefCell<
                        HashSet<K, Hasher>,
                    > as ::gc_core::Trace>::drops_nothing(__field1)
                    && <LazyCell<K, Init> as ::gc_core::Trace>::drops_nothing(__field2)
                    && <Option<
                        ManuallyDrop<Raw>,
                    > as ::gc_core::Trace>::drops_nothing(__field3)
                    && <std::rc::Weak<
                        Weakly,
                    > as ::gc_core::Trace>::drops_nothing(__field4)
                    && <Arc<
                        HashMap<String, V, Hasher>,
                    > as ::gc_core::Trace>::drops_nothing(__field5)
            }
        }
    }
}
#[automatically_derived]
impl<
    K,
    V,
    Hasher,
    Init,
    Raw,
    Weakly: ?Sized,
> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop
for Index<K, V, Hasher, Init, Raw, Weakly> {}
