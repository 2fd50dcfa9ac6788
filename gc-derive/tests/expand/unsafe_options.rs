#[derive(Trace)]
#[trace(unsafe_drop)]
struct Arena<T> {
    #[trace(unsafe_with = "Foreign::<T>::visit")]
    foreign: Foreign<T>,
    near: Gc<u8>,
}
