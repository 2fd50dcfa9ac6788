// hole: CF16_async_not_send
// expected of a sound library: compile error
// why: a future that holds a Gc across await must not be Send.

use gc_core::Gc;

async fn keeps_a_handle() {
    let handle = Gc::new(0);
    std::future::ready(()).await;
    let _ = *handle;
}

fn need<T: Send>(_: T) {}

fn main() {
    need(keeps_a_handle());
}
