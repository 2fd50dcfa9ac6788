#[derive(Trace)]
struct Bytes {
    owner: Gc<u8>,
    bytes: [u8],
}
