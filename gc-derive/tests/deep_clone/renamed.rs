// `gc_core` is where the attribute of `Trace` says, whatever else that says.
#[derive(memory::Trace, memory::DeepClone)]
#[trace(finalize, bound = "T: memory::Trace", crate = "renamed::memory")]
#[trace(unsafe_drop)]
struct Renamed<T>(memory::Gc<T>);
// What is said wrongly there is for `Trace` to refuse.
#[derive(Trace, DeepClone)]
#[trace]
#[trace(crate = 5)]
#[trace(crate = "no path")]
struct Mistaken(Gc<u8>);
