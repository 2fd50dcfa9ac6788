//! Std types as fields. The bugs hunted here: a handle reported twice (a cycle is freed while in
//! use), a handle not reported (a cycle leaks), a cell read while it is written, a leaf taken for
//! a suspect.

use std::alloc::Layout;
use std::any::TypeId;
use std::backtrace::Backtrace;
use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fs::File;
use std::hash::RandomState;
use std::marker::{PhantomData, PhantomPinned};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::num::{NonZeroU8, ParseIntError, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Child;
use std::ptr::NonNull;
use std::rc::{self, Rc};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::mpsc::Sender;
use std::sync::{self, Arc, LazyLock, Mutex, OnceLock, RwLock};
use std::task::Poll;
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant, SystemTime};

use gc_core::{AnyGc, Gc, GcFree, Slot, Trace};

type G = Gc<u8>;

/// A type without `Trace`.
struct NotTraced;

fn g(n: u8) -> G {
    Gc::new(n)
}

/// How many handles a value reports from inside an object; a snapshot shows as many.
fn reported<T: Trace>(value: T) -> usize {
    let object = Gc::new(value);
    let reported = Gc::referents(&object).len();
    let snapshot = AnyGc::from(object.clone()).heap().snapshot();
    assert_eq!(snapshot.find(&object).map(|object| object.edges().len()), Some(reported));
    reported
}

/// Whether an object with this value takes part in collections.
fn tracked<T: Trace>(value: T) -> bool {
    Gc::is_tracked(&Gc::new(value))
}

/// `implements!(Trait: Type)` tells whether the impl exists; the inherent constant, where its
/// bound holds, goes before the one of the trait.
macro_rules! implements {
    ($contract:ident: $type:ty) => {{
        #[allow(dead_code)]
        struct Probe<T: ?Sized>(PhantomData<T>);
        #[allow(dead_code)]
        impl<T: ?Sized + $contract> Probe<T> {
            const ANSWER: bool = true;
        }
        trait Otherwise {
            #[allow(dead_code)]
            const ANSWER: bool = false;
        }
        impl<T: ?Sized> Otherwise for Probe<T> {}
        <Probe<$type>>::ANSWER
    }};
}

macro_rules! assert_all {
    ($contract:ident: $($type:ty),+ $(,)?) => {
        $(assert!(implements!($contract: $type), "{}: {}", stringify!($type), stringify!($contract));)+
    };
}

macro_rules! assert_none {
    ($contract:ident: $($type:ty),+ $(,)?) => {
        $(assert!(!implements!($contract: $type), "{}: {}", stringify!($type), stringify!($contract));)+
    };
}

#[test]
fn leaves_are_traced_and_free_of_handles() {
    macro_rules! both {
        ($($leaf:ty),+ $(,)?) => {
            assert_all!(Trace: $($leaf),+);
            assert_all!(GcFree: $($leaf),+);
        };
    }
    both! {
        (), u8, u128, i128, f32, bool, char, String, str, &'static str, NonZeroU8,
        AtomicBool, AtomicUsize, AtomicU64, Path, PathBuf, OsString, OsStr, CString, CStr,
        Duration, Instant, SystemTime, TypeId, ThreadId, JoinHandle<u8>,
        IpAddr, Ipv4Addr, SocketAddr, TcpStream, File, Child,
        std::io::Error, std::fmt::Error, ParseIntError, Backtrace,
        std::cmp::Ordering, Infallible, Layout, RandomState, PhantomPinned,
        PhantomData<NotTraced>, PhantomData<dyn Fn()>,
        fn(), fn(u8) -> u8, unsafe fn(NotTraced) -> NotTraced, extern "C" fn(u8) -> u8,
        fn(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8),
        Box<dyn std::error::Error + Send + Sync>,
        Box<dyn FnOnce(u8) -> u8 + Send>, Box<dyn Fn() + Send + Sync>, &'static std::thread::LocalKey<G>,
        std::iter::Peekable<std::str::Chars<'static>>, std::iter::Rev<std::ops::Range<u8>>,
        Reverse<u8>, Wrapping<u8>, Poll<u8>, Bound<u8>, Range<u8>, AssertUnwindSafe<u8>,
    }
}

#[test]
fn containers_and_cells_of_handles_are_traced() {
    assert_all! { Trace:
        Box<G>, Box<[G]>, Box<str>, Vec<G>, [G; 3], [G; 40], [G],
        (G,), (G, G, G, G, G, G), (G, G, G, G, G, G, G, G), (G, G, G, G, G, G, G, G, G, G, G, G),
        (G, G, G, G, G, G, G, G, G, G, G, G, G, G, G, G),
        Option<G>, Result<G, G>, Cell<u8>, Cell<Option<G>>, RefCell<G>, OnceCell<G>, LazyCell<G>,
        UnsafeCell<G>, Mutex<G>, RwLock<G>, OnceLock<G>, LazyLock<G>,
        HashMap<String, G>, HashMap<G, G>, HashSet<G>, BTreeMap<String, G>, BTreeSet<G>,
        VecDeque<G>, LinkedList<G>, BinaryHeap<G>, std::vec::IntoIter<G>,
        Cow<'static, str>, ManuallyDrop<G>, MaybeUninit<u8>, Pin<Box<G>>, Wrapping<u8>,
        Reverse<G>, Range<u8>, RangeInclusive<u8>, Bound<u8>, Poll<G>, ControlFlow<G, G>,
        AssertUnwindSafe<G>, std::array::IntoIter<G, 3>, sync::PoisonError<G>,
        sync::TryLockError<G>, std::sync::mpsc::SendError<G>,
    }
    assert_none! { GcFree:
        G, Box<G>, Vec<G>, [G; 3], (u8, G), Option<G>, RefCell<G>, HashMap<String, G>, LazyLock<G>,
    }
}

#[test]
fn shared_ownership_is_a_leaf_and_refuses_handles() {
    assert_all! { Trace:
        Rc<u8>, Rc<str>, Arc<u8>, Arc<str>, rc::Weak<u8>, sync::Weak<u8>, Sender<u8>,
        Rc<RefCell<Vec<Option<(u8, String)>>>>, Arc<Mutex<HashMap<String, u8>>>,
        &'static [u8], &'static Path, std::io::BufWriter<File>,
    }
    assert_none! { Trace:
        Rc<G>, Rc<RefCell<Vec<G>>>, Rc<[G]>, Arc<G>, rc::Weak<G>, sync::Weak<G>, Sender<G>,
        Rc<NotTraced>, &'static G, std::io::BufReader<Vec<G>>,
    }
}

#[test]
fn what_nobody_can_look_into_is_refused() {
    assert_none! { Trace:
        *const u8, *mut u8, NonNull<u8>, Box<dyn Fn()>, Box<dyn std::error::Error>,
        Pin<Rc<u8>>, NotTraced, std::iter::Peekable<std::vec::IntoIter<G>>, std::future::Ready<G>,
    }
}

#[test]
fn each_handle_in_a_container_is_reported_once() {
    assert_eq!(reported(g(1)), 1);
    assert_eq!(reported(Box::new(g(1))), 1);
    assert_eq!(reported(Box::pin(g(1))), 1);
    assert_eq!(reported(vec![g(1), g(2)].into_boxed_slice()), 2);
    assert_eq!(reported(vec![g(1), g(2)]), 2);
    assert_eq!(reported([g(1), g(2), g(3)]), 3);
    assert_eq!(reported(std::array::from_fn::<_, 40, _>(|_| g(1))), 40);
    assert_eq!(reported((g(1),)), 1);
    assert_eq!(reported((g(1), 2, g(3), "four", Some(g(5)))), 3);
    assert_eq!(reported(Some(g(1))), 1);
    assert_eq!(reported(Ok::<G, G>(g(1))), 1);
    assert_eq!(reported(Err::<G, G>(g(1))), 1);
    assert_eq!(reported(Poll::Ready(g(1))), 1);
    assert_eq!(reported(ControlFlow::<G, G>::Break(g(1))), 1);
    assert_eq!(reported(ControlFlow::<G, G>::Continue(g(1))), 1);
    assert_eq!(reported(Reverse(g(1))), 1);
    assert_eq!(reported(Wrapping(g(1))), 1);
    assert_eq!(reported(Saturating(g(1))), 1);
    assert_eq!(reported(AssertUnwindSafe(g(1))), 1);
    assert_eq!(reported(Bound::Included(g(1))), 1);
    assert_eq!(reported(Bound::Excluded(g(1))), 1);
    assert_eq!(reported(Range { start: g(1), end: g(2) }), 2);
    assert_eq!(reported(RangeFrom { start: g(1) }), 1);
    assert_eq!(reported(RangeTo { end: g(1) }), 1);
    assert_eq!(reported(RangeToInclusive { end: g(1) }), 1);
    assert_eq!(reported(RangeInclusive::new(g(1), g(2))), 2);
    assert_eq!(reported(Cow::<'static, [G]>::Owned(vec![g(1), g(2)])), 2);
}

#[test]
fn each_handle_in_a_collection_is_reported_once() {
    assert_eq!(reported(LinkedList::from([g(1), g(2)])), 2);
    assert_eq!(reported(BinaryHeap::from([g(1), g(2)])), 2);
    assert_eq!(reported(HashSet::from([g(1), g(2)])), 2);
    assert_eq!(reported(BTreeSet::from([g(1), g(2)])), 2);
    assert_eq!(reported(HashMap::from([(g(1), g(2)), (g(3), g(4))])), 4);
    assert_eq!(reported(HashMap::from([("key", g(2))])), 1);
    assert_eq!(reported(HashMap::from([(g(1), "value")])), 1);
    assert_eq!(reported(BTreeMap::from([(g(1), g(2)), (g(3), g(4))])), 4);
    assert_eq!(reported(BTreeMap::from([("key", g(2))])), 1);
}

#[test]
fn a_ring_buffer_that_wraps_around_reports_both_ends() {
    let mut ring = VecDeque::with_capacity(4);
    for n in 0..4 {
        ring.push_back(g(n));
    }
    ring.pop_front();
    ring.pop_front();
    for n in 4..ring.capacity() as u8 + 2 {
        ring.push_back(g(n));
    }
    assert!(!ring.as_slices().1.is_empty());
    let len = ring.len();
    assert_eq!(reported(ring), len);
}

#[test]
fn an_iterator_reports_only_what_it_still_owns() {
    let mut rest = vec![g(1), g(2), g(3)].into_iter();
    drop(rest.next());
    drop(rest.next_back());
    assert_eq!(reported(rest), 1);

    let mut rest = [g(1), g(2), g(3)].into_iter();
    drop(rest.next());
    assert_eq!(reported(rest), 2);
}

#[test]
fn an_error_reports_what_it_gives_back() {
    let (sender, receiver) = std::sync::mpsc::channel();
    drop(receiver);
    assert_eq!(reported(sender.send(g(1)).unwrap_err()), 1);
    assert_eq!(reported(sync::PoisonError::new(g(1))), 1);
    assert_eq!(reported(sync::TryLockError::from(sync::PoisonError::new(g(1)))), 1);
    assert_eq!(reported(sync::TryLockError::<G>::WouldBlock), 0);
}

#[test]
fn any_hasher_will_do() {
    use std::hash::{BuildHasherDefault, DefaultHasher};
    struct Untraced(#[expect(dead_code, reason = "owned, never looked at")] G);
    impl std::hash::BuildHasher for Untraced {
        type Hasher = DefaultHasher;
        fn build_hasher(&self) -> DefaultHasher {
            DefaultHasher::new()
        }
    }
    let mut map = HashMap::with_hasher(Untraced(g(1)));
    map.insert("key", g(2));
    assert_eq!(reported(map), 1, "what a hasher holds is not reported");
    assert_eq!(reported(HashSet::<G, BuildHasherDefault<DefaultHasher>>::from_iter([g(1)])), 1);
}

#[test]
fn empty_containers_report_nothing() {
    assert_eq!(reported(None::<G>), 0);
    assert_eq!(reported(Poll::<G>::Pending), 0);
    assert_eq!(reported(Bound::<G>::Unbounded), 0);
    assert_eq!(reported(Vec::<G>::new()), 0);
    assert_eq!(reported(<[G; 0]>::default()), 0);
    assert_eq!(reported(Vec::<G>::new().into_iter()), 0);
    assert_eq!(reported(VecDeque::<G>::new()), 0);
    assert_eq!(reported(LinkedList::<G>::new()), 0);
    assert_eq!(reported(BinaryHeap::<G>::new()), 0);
    assert_eq!(reported(HashMap::<G, G>::new()), 0);
    assert_eq!(reported(HashSet::<G>::new()), 0);
    assert_eq!(reported(BTreeMap::<G, G>::new()), 0);
    assert_eq!(reported(BTreeSet::<G>::new()), 0);
    assert_eq!(reported(Cell::new(None::<G>)), 0);
    assert_eq!(reported(OnceCell::<G>::new()), 0);
    assert_eq!(reported(OnceLock::<G>::new()), 0);
}

#[test]
fn a_borrowed_cow_does_not_own_what_it_shows() {
    let owner: *mut [G] = Box::into_raw(Box::new([g(1)]));
    // SAFETY: just made, and alive until the last line.
    let lent: &'static [G] = unsafe { &*owner };
    assert_eq!(reported(Cow::Borrowed(lent)), 0);
    // SAFETY: the object with the loan is gone, and nobody else has one.
    drop(unsafe { Box::from_raw(owner) });
}

#[test]
fn cells_at_rest_report_their_content() {
    assert_eq!(reported(Cell::new(Some(g(1)))), 1);
    assert_eq!(reported(RefCell::new(vec![g(1), g(2)])), 2);
    assert_eq!(reported(OnceCell::from(g(1))), 1);
    assert_eq!(reported(OnceLock::from(g(1))), 1);
    assert_eq!(reported(Mutex::new(g(1))), 1);
    assert_eq!(reported(RwLock::new(g(1))), 1);
}

#[test]
fn a_cell_reports_what_was_last_set() {
    let object = Gc::new(Cell::new(None));
    object.set(Some(g(1)));
    assert_eq!(Gc::referents(&object).len(), 1);
    assert_eq!(object.take().as_deref(), Some(&1));
    assert_eq!(Gc::referents(&object).len(), 0);
}

#[test]
fn a_mutably_borrowed_refcell_is_opaque_and_a_borrowed_one_is_not() {
    let object = Gc::new(RefCell::new(g(1)));
    {
        let _shared = object.borrow();
        assert_eq!(Gc::referents(&object).len(), 1);
    }
    {
        let _exclusive = object.borrow_mut();
        assert_eq!(Gc::referents(&object).len(), 0);
    }
    assert_eq!(Gc::referents(&object).len(), 1);
    assert!(object.try_borrow_mut().is_ok(), "a visit leaves no borrow behind");
}

#[test]
fn a_held_lock_is_opaque() {
    let mutex = Gc::new(Mutex::new(g(1)));
    let held = mutex.lock().unwrap();
    assert_eq!(Gc::referents(&mutex).len(), 0);
    drop(held);
    assert_eq!(Gc::referents(&mutex).len(), 1);

    let lock = Gc::new(RwLock::new(g(1)));
    let reading = lock.read().unwrap();
    assert_eq!(Gc::referents(&lock).len(), 1);
    drop(reading);
    let writing = lock.write().unwrap();
    assert_eq!(Gc::referents(&lock).len(), 0);
    drop(writing);
    assert_eq!(Gc::referents(&lock).len(), 1);
}

#[test]
fn a_poisoned_lock_is_read_and_stays_poisoned() {
    let mutex = Gc::new(Mutex::new(g(1)));
    let lock = Gc::new(RwLock::new(g(1)));
    catch_unwind(AssertUnwindSafe(|| {
        let _held = mutex.lock().unwrap();
        let _written = lock.write().unwrap();
        panic!("poisons both locks");
    }))
    .unwrap_err();
    assert_eq!(Gc::referents(&mutex).len(), 1);
    assert_eq!(Gc::referents(&lock).len(), 1);
    assert!(mutex.is_poisoned() && lock.is_poisoned());
}

#[test]
fn once_cells_being_initialized_report_nothing() {
    let cell = Gc::new(OnceCell::new());
    cell.get_or_init(|| {
        assert_eq!(Gc::referents(&cell).len(), 0);
        g(1)
    });
    assert_eq!(Gc::referents(&cell).len(), 1);

    let lock = Gc::new(OnceLock::new());
    lock.get_or_init(|| {
        assert_eq!(Gc::referents(&lock).len(), 0);
        g(1)
    });
    assert_eq!(Gc::referents(&lock).len(), 1);
}

#[test]
fn lazy_values_report_only_once_they_are_there() {
    thread_local! {
        static SEEN_DURING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
        static CELL: Gc<LazyCell<G>> = Gc::new(LazyCell::new(|| {
            let seen = CELL.with(|cell| Gc::referents(cell).len());
            SEEN_DURING.with_borrow_mut(|all| all.push(seen));
            g(1)
        }));
        static LOCK: Gc<LazyLock<G>> = Gc::new(LazyLock::new(|| {
            let seen = LOCK.with(|lock| Gc::referents(lock).len());
            SEEN_DURING.with_borrow_mut(|all| all.push(seen));
            g(1)
        }));
    }

    CELL.with(|cell| {
        assert_eq!(Gc::referents(cell).len(), 0, "tracing does not force it");
        LazyCell::force(cell);
        assert_eq!(Gc::referents(cell).len(), 1);
    });
    LOCK.with(|lock| {
        assert_eq!(Gc::referents(lock).len(), 0, "tracing does not force it");
        LazyLock::force(lock);
        assert_eq!(Gc::referents(lock).len(), 1);
    });
    SEEN_DURING.with_borrow(|all| assert_eq!(all, &[0, 0]));
}

#[test]
fn a_lazy_value_whose_closure_panicked_reports_nothing() {
    let lazy = Gc::new(LazyCell::<G, fn() -> G>::new(|| panic!("no value")));
    catch_unwind(AssertUnwindSafe(|| drop(LazyCell::force(&lazy).clone()))).unwrap_err();
    assert_eq!(Gc::referents(&lazy).len(), 0);

    let lazy = Gc::new(LazyLock::<G, fn() -> G>::new(|| panic!("no value")));
    catch_unwind(AssertUnwindSafe(|| drop(LazyLock::force(&lazy).clone()))).unwrap_err();
    assert_eq!(Gc::referents(&lazy).len(), 0);
}

#[test]
fn what_a_lazy_closure_captured_is_not_reported() {
    let captured = g(1);
    let lazy = LazyCell::new(move || captured.clone());
    assert_eq!(reported(lazy), 0);
}

#[test]
fn what_cannot_be_seen_into_reports_nothing() {
    assert_eq!(reported(UnsafeCell::new(g(1))), 0);
    assert_eq!(reported(MaybeUninit::<G>::uninit()), 0);
    let object = Gc::new(ManuallyDrop::new(g(1)));
    assert_eq!(Gc::referents(&object).len(), 0);
    assert!(!Gc::is_tracked(&object));
    drop(Gc::into_inner(object).map(ManuallyDrop::into_inner)); // else it would leak, as it should
}

#[test]
fn nested_containers_report_through_every_level() {
    let value = BTreeMap::from([
        (String::from("one"), vec![Some(Box::new((1, g(1)))), None]),
        (String::from("two"), vec![Some(Box::new((2, g(2)))), Some(Box::new((3, g(3))))]),
    ]);
    assert_eq!(reported(RefCell::new(value)), 3);
}

#[test]
fn a_boxed_trait_object_reports_what_its_value_owns() {
    trait Shape: Trace {}
    impl Shape for (G, u8, G) {}
    let shape: Box<dyn Shape> = Box::new((g(1), 2, g(3)));
    assert!(tracked(None::<Box<dyn Shape>>));
    assert_eq!(reported(RefCell::new(Some(shape))), 2);
}

/// What dies is asked first whether its drop would do nothing, part by part.
#[test]
fn what_a_value_holds_goes_with_it_wherever_in_it_it_is() {
    #[derive(Trace)]
    enum Shape {
        Named {
            first: Option<G>,
            second: Option<G>,
        },
        Tuple(Option<G>),
        Beside {
            handle: Option<G>,
            #[trace(skip)]
            _beside: Rc<u8>,
        },
    }
    fn goes<T: Trace>(held: &G, value: T) {
        drop(Gc::new(value));
        assert_eq!(Gc::strong_count(held), 1, "{}", std::any::type_name::<T>());
        assert_eq!(Gc::weak_count(held), 0, "{}", std::any::type_name::<T>());
    }
    let held = g(0);
    let some = || Some(held.clone());
    goes(&held, some());
    goes(&held, [some(), None]);
    goes(&held, [None, some()]);
    goes(&held, (some(), None::<G>));
    goes(&held, (None::<G>, some()));
    goes(&held, vec![held.clone()]);
    goes(&held, (Vec::<G>::new(), vec![held.clone()]));
    goes(&held, Cell::new(some()));
    goes(&held, RefCell::new(some()));
    goes(&held, OnceCell::from(held.clone()));
    goes(&held, Slot::new(some()));
    goes(&held, (None::<G>, Gc::downgrade(&held)));
    goes(&held, Shape::Named { first: some(), second: None });
    goes(&held, Shape::Named { first: None, second: some() });
    goes(&held, Shape::Tuple(some()));

    let beside = Rc::new(0);
    for handle in [some(), None] {
        goes(&held, Shape::Beside { handle, _beside: beside.clone() });
    }
    goes(&held, (None::<G>, beside.clone()));
    assert_eq!(Rc::strong_count(&beside), 1);
}

#[test]
fn plain_containers_are_leaves() {
    assert!(!tracked(5_u8));
    assert!(!tracked(String::new()));
    assert!(!tracked(vec![1, 2, 3]));
    assert!(!tracked(Some([(1_u8, 'c'); 40])));
    assert!(!tracked([1_u8, 2].into_iter()));
    assert!(!tracked(HashMap::<String, BTreeMap<u8, Vec<Option<(u8, String)>>>>::new()));
    assert!(!tracked(Mutex::new(RefCell::new(Cell::new(1_u8)))));
    assert!(!tracked(Rc::new(RefCell::new(vec![1_u8]))));
    assert!(!tracked(Cow::Borrowed("text")));
    assert!(!tracked(LazyCell::<u8>::new(|| 1)));
}

#[test]
fn a_box_is_a_leaf_where_its_content_is_known_to_be_plain() {
    assert!(!tracked(Box::new(1_u64)));
    assert!(!tracked(Box::pin(1_u64)));
    assert!(!tracked(Box::<str>::from("text")));
    assert!(!tracked(Box::<[u8]>::from([1, 2])));
    assert!(!tracked(Box::<Path>::from(Path::new("/"))));
    assert!(!tracked(Box::new(String::new())));
    assert!(!tracked(Box::<dyn std::error::Error + Send + Sync>::from("error")));
    assert!(tracked(Box::new(g(1))));
    assert!(tracked(Box::pin(g(1))));
    assert!(tracked(Box::new(Some(g(1)))));
}

#[test]
fn a_container_that_may_hold_a_handle_is_tracked_even_when_empty() {
    assert!(tracked(None::<G>));
    assert!(tracked(Vec::<G>::new()));
    assert!(tracked(<[G; 0]>::into_iter([])));
    assert!(tracked(HashMap::<String, G>::new()));
    assert!(tracked(HashMap::<G, String>::new()));
    assert!(tracked(Cell::new(None::<G>)));
    assert!(tracked(OnceCell::<G>::new()));
    assert!(tracked((0_u8, String::new(), None::<G>)));
    assert!(tracked(Cow::<'static, [G]>::Owned(vec![])));
}

#[test]
fn user_code_of_keys_and_hashers_does_not_run_in_a_visit() {
    use std::hash::{Hash, Hasher};

    thread_local!(static CALLS: Cell<u32> = const { Cell::new(0) });
    fn call() {
        CALLS.set(CALLS.get() + 1);
    }

    struct Key(G);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            call();
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl PartialOrd for Key {
        fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
            Some(self.cmp(other))
        }
    }
    impl Ord for Key {
        fn cmp(&self, other: &Self) -> std::cmp::Ordering {
            call();
            self.0.cmp(&other.0)
        }
    }
    impl Hash for Key {
        fn hash<H: Hasher>(&self, state: &mut H) {
            call();
            self.0.hash(state);
        }
    }
    // SAFETY: reports its one handle once, by way of the field; has no `Drop`.
    unsafe impl Trace for Key {
        fn trace(&self, tracer: &mut gc_core::Tracer<'_>) {
            self.0.trace(tracer);
        }
    }

    let keys = || (0..20).map(|n| Key(g(n)));
    let object = Gc::new((
        keys().collect::<HashSet<_>>(),
        keys().collect::<BTreeSet<_>>(),
        keys().collect::<BinaryHeap<_>>(),
    ));
    let before = CALLS.get();
    assert_eq!(Gc::referents(&object).len(), 60);
    assert_eq!(CALLS.get(), before);
}

#[test]
fn a_boxed_closure_that_is_send_reports_nothing_beside_what_does() {
    let call: Box<dyn Fn(u8) -> u8 + Send> = Box::new(|n| n + 1);
    let shared: Box<dyn Fn() -> u8 + Send + Sync> = Box::new(|| 7);
    let object = Gc::new((call, shared, Gc::new(5)));
    assert_eq!(Gc::referents(&object).len(), 1);
    assert_eq!(((object.0)(1), (object.1)()), (2, 7));
}
