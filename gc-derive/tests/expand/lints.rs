#[derive(Trace)]
#[expect(clippy::disallowed_types, reason = "foreign")]
struct Old {
    #[deprecated]
    before: u8,
    #[allow(deprecated)]
    now: OldType,
}

#[derive(Trace)]
struct Bounded<T: Trace>(T);
