// Close to what is refused.

struct Skips {
    #[trace(skip)]
    a: *const u8,
    #[trace(skip)]
    b: Rc<Gc<u8>>,
    #[trace(skip)]
    c: Box<dyn Fn()>,
    #[trace(unsafe_with = "f")]
    d: NonNull<u8>,
}

#[trace(leaf)]
enum Leaf {
    A(*const u8, Arc<Gc<u8>>, Box<dyn Fn()>),
}

enum SkippedVariant {
    #[trace(skip)]
    A(*const u8, Arc<Gc<u8>>, Box<dyn Fn()>),
}

struct Others {
    text: &'static str,
    texts: Vec<&'static [&'static str]>,
    shared: Rc<[u8]>,
    weak: gc_core::Weak<u8>,
    dynamic: Box<dyn Shape>,
    named: Box<dyn my::Fn>,
    of_pointers: Foreign<*const u8>,
    phantom: PhantomData<*const Rc<Gc<u8>>>,
    function: for<'a> fn(&'a u8, *const u8) -> &'a u8,
    functions: (Option<fn(&u8)>, [(unsafe extern "C" fn(*mut u8)); 3]),
    table: HashMap<&'static str, fn(&mut Machine)>,
    listeners: RefCell<Vec<(String, u32, fn(&str))>>,
    cell_by_handle: Gc<RefCell<dyn Shape>>,
    shared_cell: Rc<RefCell<dyn Shape>>,
    handle: Gc<Rc<Gc<u8>>>,
    opaque: ManuallyDrop<*const u8>,
    lazy: LazyCell<u8, Box<dyn FnOnce() -> u8>>,
}

#[repr(C, packed)]
struct PackedPlain(#[trace(skip)] u32, PhantomData<u8>);

#[repr(packed)]
#[trace(leaf)]
struct PackedLeaf(u32);

#[trace(leaf)]
union LeafUnion {
    a: u8,
}
