// Options that are fine alone.

#[trace(leaf, bound = "T: Trace", unsafe_drop)]
struct Leaf<T> {
    #[trace(skip)]
    a: T,
    #[trace(unsafe_with = "f")]
    b: T,
}

#[trace(leaf)]
enum LeafEnum {
    #[trace(skip)]
    A,
}

enum Skipped {
    #[trace(skip)]
    A(#[trace(skip)] u8, #[trace(unsafe_with = "f")] u8),
}

struct Field {
    #[trace(skip, unsafe_with = "f")]
    a: u8,
}

#[trace(leaf, finalize)]
struct Fine;
