#[derive(Trace)]
#[trace(leaf)]
struct File<T: Read> {
    raw: *const T,
    path: PathBuf,
}
