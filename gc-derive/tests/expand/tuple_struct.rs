#[derive(Trace)]
struct Pair(Gc<u8>, PhantomData<*const u8>, Slot<Pair>);
