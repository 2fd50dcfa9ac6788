// Misspelt, misplaced, doubled, empty, or with a wrong value.

#[trace(finalise)]
struct Misspelt {
    #[trace(skp)]
    field: *const u8, // taken as skipped: no second error
    #[trace(with = "path")]
    other: *const u8,
    #[trace(transparent)]
    unknown: u8,
    #[trace(crate_ = "x")]
    elsewhere: u8,
}

#[trace(skip, unsafe_with = "f")]
enum Misplaced<#[trace(skip)] T> {
    #[trace(leaf)]
    A(*const u8),
    #[trace(unsafe_with = "f")]
    B(#[trace(leaf)] *const u8),
    C(#[trace(finalize)] u8, T),
}

#[trace(finalize)]
#[trace(unsafe_drop, finalize)]
struct Doubled {
    #[trace(skip, skip)]
    field: u8,
}

#[trace]
struct Empty {
    #[trace()]
    a: u8,
    #[trace = "skip"]
    b: u8,
}

#[trace(finalize = true, unsafe_drop("yes"), bound, crate = gc_core)]
struct Values {
    #[trace(skip = "always")]
    a: u8,
    #[trace(unsafe_with(path))]
    b: *const u8, // what was meant is in doubt: no second error
    #[trace(skip leaf)]
    c: u8,
}

#[trace(bound = "T Trace", crate = "a b")]
struct Unparsable<T> {
    #[trace(unsafe_with = "|x| x")]
    a: T,
}

#[trace(finalize,, unsafe_drop,)]
struct Commas {
    #[trace(,)]
    a: u8,
    #[trace("skip")]
    b: u8,
}
