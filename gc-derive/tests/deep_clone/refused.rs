// What cannot be cloned deeply, and an option that there is not.
#[derive(Trace, DeepClone)]
#[trace(leaf)]
union Bits {
    int: u32,
    float: f32,
}
#[derive(Trace, DeepClone)]
struct Skips {
    #[deep_clone(skip)]
    style: Gc<u8>,
}
#[derive(Trace, DeepClone)]
enum Empties {
    Says(#[deep_clone] Gc<u8>),
}
#[derive(Trace, DeepClone)]
#[deep_clone(clone)]
struct OfAType {
    style: Gc<u8>,
}
#[derive(Trace, DeepClone)]
enum OfAVariant {
    #[deep_clone(clone)]
    Says(Gc<u8>),
}
#[derive(Trace, DeepClone)]
struct Twice {
    #[deep_clone(clone)]
    #[deep_clone(clone)]
    style: Gc<u8>,
}
