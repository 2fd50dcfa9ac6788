// Types of fields that few people write, and what is asked of the parameters in them.
#[derive(Trace)]
struct Parts<T, U, V, W, X> {
    parentheses: Box<(dyn Source<T> + 'static)>,
    binding: Gc<dyn Source<Item = U>>,
    pointer: foreign::Link<*const V>,
    mixed: (Gc<u8>, fn(W) -> W, PhantomData<X>), // nothing of either
}
#[derive(Trace)]
struct Constants<const N: usize> {
    word: <Bits<N> as Store>::Word,
    plain: (fn(), [u8; 2]),
    // Called like std's, but another.
    list: LinkedList<'static, u8>,
}
#[derive(Trace)]
struct Lifetimes<T>
where
    'static: 'static,
    T: ?Sized,
{
    len: usize,
    tail: T,
}
