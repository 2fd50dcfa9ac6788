#[derive(Trace)]
enum Never {}
