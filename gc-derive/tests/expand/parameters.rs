// What is asked of a parameter depends on what is around it.
#[derive(Trace)]
struct Index<K, V, Hasher, Init, Raw, Weakly: ?Sized> {
    entries: HashMap<K, Gc<V>, Hasher>,
    keys: RefCell<HashSet<K, Hasher>>,
    first: LazyCell<K, Init>,
    raw: Option<ManuallyDrop<Raw>>,
    weak: std::rc::Weak<Weakly>,
    shared: Arc<HashMap<String, V, Hasher>>,
}
