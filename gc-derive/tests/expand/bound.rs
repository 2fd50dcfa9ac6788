#[derive(Trace)]
#[trace(bound = "T: Trace + Clone, Vec<U>: Trace")]
struct Bound<T, U> {
    one: T,
    many: Vec<U>,
}
