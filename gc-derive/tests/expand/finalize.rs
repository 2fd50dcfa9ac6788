#[derive(Trace)]
#[trace(finalize, crate = "other::path")]
struct Connection<T: ?Sized> {
    peer: Slot<Connection<T>>,
    state: T,
}
