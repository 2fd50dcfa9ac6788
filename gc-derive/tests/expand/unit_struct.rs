#[derive(Trace)]
struct Unit;
