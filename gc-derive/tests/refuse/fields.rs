// What cannot be traced, alone and in what owns it.

struct Pointers {
    a: *const u8,
    b: Option<*mut Gc<u8>>,
    c: std::ptr::NonNull<u8>,
    d: Vec<(u8, [NonNull<u8>; 2])>,
}

struct Closures {
    a: Box<dyn Fn()>,
    b: Vec<Box<dyn FnMut(&u8) -> u8 + Sync + 'static>>,
    c: Option<Rc<RefCell<dyn FnOnce()>>>,
    d: Box<dyn for<'a> std::ops::Fn(&'a u8) -> &'a u8>,
}

struct Shared {
    a: Rc<Gc<u8>>,
    b: std::sync::Arc<Mutex<Vec<Option<Gc<u8>>>>>,
    c: Option<std::rc::Rc<RefCell<Slot<u8>>>>,
}

struct Borrows<'a, 'b, 'c> {
    a: &'a u8,
    b: Option<&'a mut Gc<u8>>,
    c: Cow<'b, str>,
    d: PhantomData<&'c u8>,
}

struct SkippedBorrow<'a> {
    #[trace(skip)]
    a: &'a u8,
}

#[trace(leaf)]
enum LeafBorrow<'a> {
    A(&'a u8),
}

union Bits {
    int: u32,
    #[trace(nothing)]
    float: f32,
}

#[repr(C, packed(2))]
struct Packed {
    a: u8,
    #[trace(skip)]
    b: u32,
}

struct ForWriting<'a> {
    a: &'a mut u8,
    b: Option<&'static mut [u8]>,
}

struct CellsWithoutSize {
    a: Box<RefCell<dyn Shape>>,
    b: Mutex<[u8]>,
}
