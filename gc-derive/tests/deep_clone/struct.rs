// Each field goes on to its own; one that is cloned as ever has no handle to tell of, and none to put right.
#[derive(Trace, DeepClone)]
struct Element {
    name: String,
    children: RefCell<Vec<Gc<Element>>>,
    #[deep_clone(clone)]
    style: Gc<Style>,
}
#[derive(Trace, DeepClone)]
struct Pair(Gc<u8>, Slot<Pair>);
#[derive(Trace, DeepClone)]
struct Unit;
