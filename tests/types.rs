//! The page "What fits in a field": which types of std can be fields, and what the heap does with them.
//!
//! Nothing in its table is typed by hand. A type that fits is compiled as the field of a type that derives
//! `Trace`, and then asked; one that does not has a case in `ui/std`, whose message is quoted. Where the
//! page that is committed differs, the test fails; `BLESS=1` writes it anew.

use std::alloc::Layout;
use std::any::TypeId;
use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt::Write;
use std::fs::File;
use std::hash::RandomState;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::num::{NonZeroU8, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeInclusive};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, RwLock};
use std::task::Poll;
use std::thread::ThreadId;
use std::time::{Duration, Instant, SystemTime};

use gc_core::{Gc, GcFree, Trace};

type G = Gc<u8>;
/// A key that holds a handle.
type G2 = Gc<u8>;

/// A type without `Trace`.
#[allow(dead_code, reason = "only named")]
struct NT;

/// What the heap does with a field.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Answer {
    Traced,
    Opaque,
    Leaf,
    LeftOut,
    Refused(&'static str),
}

/// Asks a field of type `F`, and the type `T` that it has. Where a bound below holds, the inherent
/// function goes before the one of the trait.
struct Probe<F: ?Sized, T: ?Sized>(PhantomData<(Box<F>, Box<T>)>);

/// Whether objects with such a field are known to the collector; `None` if there is no telling, since
/// there is no object of a type without a size.
impl<F: Trace, T: ?Sized> Probe<F, T> {
    fn is_tracked() -> Option<bool> {
        Some(Gc::is_tracked(&Gc::new(None::<F>)))
    }
}

trait IsTracked {
    fn is_tracked() -> Option<bool> {
        None
    }
}

impl<F: ?Sized + Trace, T: ?Sized> IsTracked for Probe<F, T> {}

#[allow(dead_code, reason = "each is used for some types")]
impl<F: ?Sized, T: ?Sized + Trace> Probe<F, T> {
    const IS_TRACE: bool = true;
}

trait IsTrace {
    const IS_TRACE: bool = false;
}

impl<F: ?Sized, T: ?Sized> IsTrace for Probe<F, T> {}

#[allow(dead_code, reason = "each is used for some types")]
impl<F: ?Sized, T: ?Sized + GcFree> Probe<F, T> {
    const IS_FREE: bool = true;
}

trait IsFree {
    const IS_FREE: bool = false;
}

impl<F: ?Sized, T: ?Sized> IsFree for Probe<F, T> {}

fn answer(is_tracked: Option<bool>, is_trace: bool, is_free: bool) -> Answer {
    match (is_tracked, is_trace, is_free) {
        (Some(true), true, false) => Answer::Traced,
        (None, true, false) => Answer::Traced,
        (Some(false) | None, true, true) => Answer::Leaf,
        (Some(false), true, false) => Answer::Opaque,
        (Some(false), false, false) => Answer::LeftOut,
        odd => panic!("{odd:?}"),
    }
}

struct Row {
    name: &'static str,
    /// How many of nine other libraries take the type.
    others: u32,
    answer: Answer,
}

macro_rules! rows {
    (@answer $field:ty) => {{
        #[derive(Trace)]
        #[allow(dead_code, reason = "compiled, not used")]
        struct Field($field);
        type Asked = Probe<Field, $field>;
        answer(Asked::is_tracked(), Asked::IS_TRACE, Asked::IS_FREE)
    }};
    (@answer $field:ty, $case:literal) => { Answer::Refused($case) };
    ($($others:literal $(refused $case:literal)?: $field:ty;)+) => {
        vec![$(Row {
            name: stringify!($field),
            others: $others,
            answer: rows!(@answer $field $(, $case)?),
        }),+]
    };
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    rows! {
        8: ();
        9: u8;
        6: u128;
        6: i128;
        9: f32;
        9: bool;
        8: char;
        9: String;
        6: str;
        7: &'static str;
        8: Box<G>;
        6: Box<[G]>;
        6: Box<str>;
        9: Vec<G>;
        5: [G; 3];
        5: [G; 40];
        6: [G];
        7: (G,);
        7: (G,G,G,G,G,G);
        6: (G,G,G,G,G,G,G,G);
        5: (G,G,G,G,G,G,G,G,G,G,G,G);
        9: Option<G>;
        9: Result<G,G>;
        7: Cell<u8>;
        2: Cell<Option<G>>;
        7: RefCell<G>;
        3: OnceCell<G>;
        0: LazyCell<G>;
        0: UnsafeCell<G>;
        5: Mutex<G>;
        5: RwLock<G>;
        1: OnceLock<G>;
        0: LazyLock<G>;
        8: HashMap<String,G>;
        8: HashMap<G2,G>;
        7: HashSet<G2>;
        8: BTreeMap<String,G>;
        6: BTreeSet<G2>;
        7: VecDeque<G>;
        7: LinkedList<G>;
        4: BinaryHeap<G2>;
        4: Rc<u8>;
        4: Rc<str>;
        3 refused "rc_of_handle": Rc<G>;
        4: Arc<u8>;
        2: Arc<str>;
        3: std::rc::Weak<u8>;
        2 refused "rc_weak_of_handle": std::rc::Weak<G>;
        4: Cow<'static,str>;
        6: PhantomData<NT>;
        2: ManuallyDrop<G>;
        0: MaybeUninit<u8>;
        0: Pin<Box<G>>;
        1: Wrapping<u8>;
        1: Reverse<G>;
        1: Range<u8>;
        1: RangeInclusive<u8>;
        1: Bound<u8>;
        1: Poll<G>;
        1: ControlFlow<G,G>;
        2: AssertUnwindSafe<G>;
        1: std::cmp::Ordering;
        1: std::convert::Infallible;
        4: NonZeroU8;
        3: AtomicBool;
        4: AtomicUsize;
        4: AtomicU64;
        2: Duration;
        3: Instant;
        2: SystemTime;
        3: TypeId;
        1: ThreadId;
        6: Path;
        8: PathBuf;
        6: OsString;
        4: OsStr;
        6: CString;
        4: CStr;
        1: IpAddr;
        1: SocketAddr;
        4: Ipv4Addr;
        5: TcpStream;
        2: File;
        2: std::io::Error;
        1: std::fmt::Error;
        4: std::process::Child;
        5: fn();
        5: fn(u8)->u8;
        2: fn(&u8)->u8;
        0: for<'a> fn(&'a mut u8)->&'a u8;
        3: extern "C" fn(u8)->u8;
        0 refused "raw_pointer": *const u8;
        0 refused "non_null": NonNull<u8>;
        3: std::thread::JoinHandle<u8>;
        0: std::sync::mpsc::Sender<u8>;
        0: std::sync::Weak<u8>;
        1: Layout;
        3: RandomState;
        1: std::marker::PhantomPinned;
        0 refused "boxed_closure": Box<dyn Fn()>;
        0 refused "boxed_error": Box<dyn std::error::Error>;
        1: std::num::ParseIntError;
        1: std::vec::IntoIter<G>;
        1: std::backtrace::Backtrace;
    }
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the compiler says of the case in `ui/std`, which is about this very type.
fn words(case: &str, name: &str) -> String {
    let source = read(&format!("ui/std/{case}.rs"));
    let field = format!("struct Field({});", name.replace("<G>", "<Gc<u8>>"));
    assert!(source.contains(&field), "{case} is not about {name}");
    let message = read(&format!("ui/std/{case}.stderr"));
    let first = message.lines().next().expect("a message has a line");
    first.split_once(": ").expect("an error").1.to_owned()
}

fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    for Row { name, others, answer } in rows() {
        let answer = match answer {
            Answer::Traced => "traced".to_owned(),
            Answer::Opaque => "opaque".to_owned(),
            Answer::Leaf => "leaf".to_owned(),
            Answer::LeftOut => "leaf, where the derive sees it".to_owned(),
            Answer::Refused(case) => format!("refused: “{}”", words(case, name)),
        };
        writeln!(page, "| `{name}` | {answer} | {others} |").expect("a string can be written to");
    }
    page
}

const INTRODUCTION: &str = "\
Which types of the standard library can be fields of a type that derives `Trace`.

* *traced*: the handles in it are found;
* *leaf*: it can hold no handle, and the heap never looks at it;
* *opaque*: it may hold handles, but nobody can tell whether they are there. They count as held from
  outside: a cycle through one is not freed;
* *refused*: it does not compile, and the message says what to do. `#[trace(skip)]` above the field, or a
  [`Leaf`](crate::Leaf) around the value, takes any type as plain data.

What shares its content (`Rc`, `Arc`, `&'static`, channels) is a leaf if the content is
[`GcFree`](crate::GcFree), and refused otherwise. `G` is a handle, `Gc<u8>`; `G2` is another; `NT` is a type
without `Trace`. The last column tells how many of nine other garbage collectors in Rust take the type.

| type | here | elsewhere |
| --- | --- | --- |
";

#[test]
fn the_page_says_what_the_compiler_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gc-core/src/what_fits_in_a_field.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let committed = std::fs::read_to_string(&path).expect("the page is there");
    assert!(committed == page, "the page is stale; BLESS=1 writes it anew:\n{page}");
}

#[test]
fn every_kind_of_answer_occurs() {
    let rows = rows();
    let is = |name: &str| rows.iter().find(|row| row.name == name).expect("it is listed").answer;
    assert_eq!(is("Vec<G>"), Answer::Traced);
    assert_eq!(is("[G]"), Answer::Traced);
    assert_eq!(is("String"), Answer::Leaf);
    assert_eq!(is("str"), Answer::Leaf);
    assert_eq!(is("UnsafeCell<G>"), Answer::Opaque);
    assert_eq!(is("fn(&u8)->u8"), Answer::LeftOut);
    assert_eq!(is("Rc<G>"), Answer::Refused("rc_of_handle"));
}
