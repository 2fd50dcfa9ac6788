#[automatically_derived]
unsafe impl<T, U, V, W, X> ::gc_core::Trace for Parts<T, U, V, W, X>
where
    T: ::gc_core::Trace,
    U: ::gc_core::Trace,
    V: ::gc_core::Trace,
    W: 'static,
    X: 'static,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self {
                parentheses: __field0,
                binding: __field1,
                pointer: __field2,
                mixed: __field3,
                ..
            } => {
                <Box<
                    (dyn Source<T> + 'static),
                > as ::gc_core::Trace>::trace(__field0, __tracer);
                <Gc<
                    dyn Source<Item = U>,
                > as ::gc_core::Trace>::trace(__field1, __tracer);
                <foreign::Link<*const V> as ::gc_core::Trace>::trace(__field2, __tracer);
                <(
                    Gc<u8>,
                    fn(W) -> W,
                    PhantomData<X>,
                ) as ::gc_core::Trace>::trace(__field3, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self {
                parentheses: __field0,
                binding: __field1,
                pointer: __field2,
                mixed: __field3,
                ..
            } => {
                <Box<
                    (dyn Source<T> + 'static),
                > as ::gc_core::Trace>::inspect(
                    __field0,
                    __inspector.field("parentheses"),
                );
                <Gc<
                    dyn Source<Item = U>,
                > as ::gc_core::Trace>::inspect(__field1, __inspector.field("binding"));
                <foreign::Link<
                    *const V,
                > as ::gc_core::Trace>::inspect(__field2, __inspector.field("pointer"));
                <(
                    Gc<u8>,
                    fn(W) -> W,
                    PhantomData<X>,
                ) as ::gc_core::Trace>::inspect(__field3, __inspector.field("mixed"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <Box<
                    (dyn Source<T> + 'static),
                > as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Gc<
                        dyn Source<Item = U>,
                    > as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <foreign::Link<
                        *const V,
                    > as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <(
                        Gc<u8>,
                        fn(W) -> W,
                        PhantomData<X>,
                    ) as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self {
                parentheses: __field0,
                binding: __field1,
                pointer: __field2,
                mixed: __field3,
                ..
            } => {
                <Box<
                    (dyn Source<T> + 'static),
                > as ::gc_core::Trace>::drops_nothing(__field0)
                    && <Gc<
                        dyn Source<Item = U>,
                    > as ::gc_core::Trace>::drops_nothing(__field1)
                    && <foreign::Link<
                        *const V,
                    > as ::gc_core::Trace>::drops_nothing(__field2)
                    && <(
                        Gc<u8>,
                        fn(W) -> W,
                        PhantomData<X>,
                    ) as ::gc_core::Trace>::drops_nothing(__field3)
            }
        }
    }
}
#[automatically_derived]
impl<T, U, V, W, X> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop
for Parts<T, U, V, W, X> {}

#[automatically_derived]
unsafe impl<const N: usize> ::gc_core::Trace for Constants<N>
where
    <Bits<N> as Store>::Word: ::gc_core::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { word: __field0, plain: __field1, list: __field2, .. } => {
                <<Bits<
                    N,
                > as Store>::Word as ::gc_core::Trace>::trace(__field0, __tracer);
                <(fn(), [u8; 2]) as ::gc_core::Trace>::trace(__field1, __tracer);
                <LinkedList<'static, u8> as ::gc_core::Trace>::trace(__field2, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { word: __field0, plain: __field1, list: __field2, .. } => {
                <<Bits<
                    N,
                > as Store>::Word as ::gc_core::Trace>::inspect(
                    __field0,
                    __inspector.field("word"),
                );
                <(
                    fn(),
                    [u8; 2],
                ) as ::gc_core::Trace>::inspect(__field1, __inspector.field("plain"));
                <LinkedList<
                    'static,
                    u8,
                > as ::gc_core::Trace>::inspect(__field2, __inspector.field("list"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <<Bits<N> as Store>::Word as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <(fn(), [u8; 2]) as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <LinkedList<
                        'static,
                        u8,
                    > as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { word: __field0, plain: __field1, list: __field2, .. } => {
                <<Bits<N> as Store>::Word as ::gc_core::Trace>::drops_nothing(__field0)
                    && <(fn(), [u8; 2]) as ::gc_core::Trace>::drops_nothing(__field1)
                    && <LinkedList<
                        'static,
                        u8,
                    > as ::gc_core::Trace>::drops_nothing(__field2)
            }
        }
    }
}
#[automatically_derived]
impl<const N: usize> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Constants<N> {}

#[automatically_derived]
unsafe impl<T> ::gc_core::Trace for Lifetimes<T>
where
    'static: 'static,
    T: ?Sized,
    T: ::gc_core::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { len: __field0, tail: __field1, .. } => {
                <usize as ::gc_core::Trace>::trace(__field0, __tracer);
                <T as ::gc_core::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { len: __field0, tail: __field1, .. } => {
                <usize as ::gc_core::Trace>::inspect(__field0, __inspector.field("len"));
                <T as ::gc_core::Trace>::inspect(__field1, __inspector.field("tail"));
            }
        }
    }
    #[inline]
    fn may_hold_gc(_: ::gc_core::Depth) -> ::core::primitive::bool {
        true
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { len: __field0, tail: __field1, .. } => {
                <usize as ::gc_core::Trace>::drops_nothing(__field0)
                    && <T as ::gc_core::Trace>::drops_nothing(__field1)
            }
        }
    }
}
#[automatically_derived]
impl<T> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Lifetimes<T>
where
    'static: 'static,
    T: ?Sized,
{}
