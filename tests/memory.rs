//! What objects cost in memory, measured with an allocator that counts; and that every byte goes back.
//!
//! One test at a time, on the main thread: the counters are the process's, and a thread that begins
//! beside a test allocates, too.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashMap;
use std::ffi::{CString, OsString};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gc_core::{Gc, Heap, Slot, Trace, WeakKeyMap, WeakSet};
use libtest_mimic::{Arguments, Trial};

/// Counts bytes as glibc's malloc takes them: eight more for each block, in steps of 16, 32 at least.
struct Counting;

static TAKEN: AtomicUsize = AtomicUsize::new(0);
/// The same bytes as they were asked for.
static ASKED: AtomicUsize = AtomicUsize::new(0);
/// Blocks of a page and more that were asked for.
static LARGE_BLOCKS: AtomicUsize = AtomicUsize::new(0);

fn block(layout: Layout) -> usize {
    (layout.size() + 8).next_multiple_of(16).max(32)
}

// SAFETY: forwards to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.fetch_add(block(layout), Ordering::Relaxed);
        ASKED.fetch_add(layout.size(), Ordering::Relaxed);
        LARGE_BLOCKS.fetch_add(usize::from(layout.size() >= 16 << 10), Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(block(layout), Ordering::Relaxed);
        ASKED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Runs `make` and returns the bytes that it took, with what it made.
fn taken<R>(make: impl FnOnce() -> R) -> (usize, R) {
    counted(&TAKEN, make)
}

fn counted<R>(bytes: &AtomicUsize, make: impl FnOnce() -> R) -> (usize, R) {
    let before = bytes.load(Ordering::Relaxed);
    let made = make();
    (bytes.load(Ordering::Relaxed) - before, made)
}

const MANY: usize = 1_000_000;

/// Bytes per object of `MANY`, the list of handles not counted.
fn per_object<H>(make: impl Fn(usize) -> H) -> f64 {
    let mut handles = Vec::with_capacity(MANY);
    let (bytes, ()) = taken(|| handles.extend((0..MANY).map(make)));
    bytes as f64 / MANY as f64
}

#[derive(Trace)]
struct Node<const WORDS: usize> {
    next: Slot<Node<WORDS>>,
    payload: [u64; WORDS],
}

fn a_small_object_takes_no_more_memory_than_in_an_rc() {
    let heap = Heap::new();
    let gc = per_object(|n| Gc::new_in(&heap, n as u64));
    let rc = per_object(|n| Rc::new(n as u64));
    assert!(gc <= rc, "{gc} bytes for a Gc<u64>, {rc} for an Rc<u64>");
    assert!(gc < 24.0 * 1.05, "a header of 16 bytes and 8 of value, and little more: {gc}");
}

fn a_node_takes_its_size_and_a_header_of_16_bytes() {
    fn check<const WORDS: usize>() {
        let heap = Heap::new();
        heap.set_auto_collect(false);
        let new = |_| Gc::new_in(&heap, Node { next: Slot::empty(), payload: [7; WORDS] });
        let bytes = per_object(new);
        let least = (16 + 8 + 8 * WORDS) as f64;
        // Page headers and what is left over at a page's end; a page in 64 for the alignment of a chunk
        // inside its block; and at most one chunk begun in vain.
        let most = least * 1.035 * 65.0 / 64.0 + (1 << 20) as f64 / MANY as f64;
        assert!(bytes >= least && bytes < most, "{bytes} bytes, at least {least}, at most {most}");
        assert_eq!(new(0).payload, [7; WORDS]);
    }
    check::<0>();
    check::<1>();
    check::<2>();
    check::<8>();
}

fn every_byte_goes_back() {
    // The test's own thread may allocate for itself: everything happens in one that is joined.
    let work = || {
        let heap = Heap::new();
        for size in [1, 10, 1000, 100_000] {
            let list: Vec<_> = (0..20).map(|n| Gc::new_in(&heap, vec![n; size])).collect();
            let big: Vec<_> = (0..20).map(|n| Gc::new_in(&heap, [n; 5000])).collect();
            let text = "x".repeat(size);
            drop(Gc::new_in(&heap, text.clone()));
            drop(Gc::new_in(&heap, OsString::from(&text)));
            drop(Gc::new_in(&heap, PathBuf::from(&text)));
            drop(Gc::new_in(&heap, CString::new(text).expect("no zeros")));
            let weak: Vec<_> = list.iter().map(Gc::downgrade).collect();
            let cycle = Gc::new_in(&heap, Node { next: Slot::empty(), payload: [1; 1] });
            cycle.next.set(Some(cycle.clone()));
            drop((list, big));
            assert!(weak.iter().all(gc_core::Weak::is_dead));
        }
        // The thread's own heap, which goes with it.
        let own = Gc::new(Some(Gc::new(1)));
        assert_eq!(own.as_deref(), Some(&1));
    };
    std::thread::spawn(work).join().expect("no panic");
    let (bytes, ()) = taken(|| std::thread::spawn(work).join().expect("no panic"));
    assert_eq!(bytes, 0, "bytes that were not given back");
}

fn empty_chunks_go_back_to_the_allocator() {
    let heap = Heap::new();
    let before = TAKEN.load(Ordering::Relaxed);
    let kept = || (TAKEN.load(Ordering::Relaxed) - before) >> 20;
    for _ in 0..3 {
        let all: Vec<_> = (0..2 * MANY).map(|n| Gc::new_in(&heap, n)).collect();
        assert!(heap.stats().page_bytes > 40 << 20);
        let handles = (all.capacity() * size_of::<Gc<usize>>()) >> 20;
        // What was kept is used again.
        assert!((45..=52).contains(&(kept() - handles)), "{} MiB for 48 MB", kept() - handles);
        drop(all);
        assert!((15..=33).contains(&kept()), "{} MiB of a heap that is empty", kept());
    }
    heap.collect();
    assert!((6..=9).contains(&kept()), "{} MiB after a full collection", kept());
    assert_eq!(heap.live_count(), 0);
}

fn small_heaps_stay_small() {
    let heap = Heap::new();
    let mut numbers = Vec::with_capacity(10_000);
    // The chunk and what aligns it.
    let (bytes, ()) = taken(|| numbers.push(Gc::new_in(&heap, 1_u64)));
    assert!(bytes <= 100 << 10, "{bytes} bytes for one object");
    let (bytes, ()) = taken(|| numbers.extend((1..10_000).map(|n| Gc::new_in(&heap, n))));
    assert!(bytes <= 400 << 10, "{bytes} bytes for 240 KB of objects");
}

fn a_heap_that_shrinks_and_grows_again_asks_the_allocator_once() {
    let heap = Heap::new();
    let mut handles = Vec::with_capacity(200_000);
    let mut asked = Vec::new();
    for _ in 0..10 {
        let before = LARGE_BLOCKS.load(Ordering::Relaxed);
        handles.extend((0..200_000_u64).map(|n| Gc::new_in(&heap, n)));
        asked.push(LARGE_BLOCKS.load(Ordering::Relaxed) - before);
        handles.clear();
    }
    assert!(asked[0] > 0 && asked[1..].iter().all(|&blocks| blocks == 0), "{asked:?}");
}

fn who_no_longer_listens_takes_no_memory() {
    let heap = Heap::new();
    let come_and_go = || (0..100).for_each(|_| drop(heap.on_collection(|_| {})));
    let stays = heap.on_collection(|_| {});
    heap.collect();
    come_and_go();
    assert_eq!(taken(come_and_go).0, 0);
    drop(stays);
}

fn a_weak_container_takes_memory_for_what_is_in_it() {
    let heap = Heap::new();
    let set = WeakSet::new();
    let mut handles = Vec::with_capacity(100_000);
    let (bytes, last) = taken(|| {
        handles.extend((0..100_000).map(|n| Gc::new_in(&heap, n)));
        handles.iter().for_each(|handle| _ = set.insert(handle));
        // A walk over all of them, given up in the middle.
        assert_eq!(set.iter().skip(50_000).count(), 50_000);
        assert!(set.iter().nth(10).is_some());
        let last = handles.split_off(99_990);
        handles.clear();
        // Deaths take no memory and give none back; the next to come in does.
        set.insert(&Gc::new_in(&heap, 0));
        last
    });
    assert_eq!(set.len(), 10);
    assert!(bytes <= 3 << 20, "{bytes} bytes; the heap keeps chunks, the set as good as nothing");
    drop(last);
}

fn what_an_object_owns_elsewhere_is_what_was_asked_for() {
    fn owned<T: ?Sized>(object: &Gc<T>) -> usize {
        Gc::heap(object).snapshot().find(object).expect("it").owned_bytes()
    }
    let heap = Heap::new();
    for len in [1, 100, 10_000] {
        let keys: Vec<_> = (0..len).map(|n| Gc::new_in(&heap, n)).collect();
        // What a key needs to be one, it has already: that is its own.
        let weak: Vec<_> = keys.iter().map(Gc::downgrade).collect();
        let map = Gc::new_in(&heap, WeakKeyMap::new());
        let insert = || keys.iter().for_each(|key| _ = map.insert(key, 1_u64));
        let (bytes, ()) = counted(&ASKED, insert);
        assert_eq!(owned(&map), bytes, "{len} entries");
        drop(weak);
    }
    for capacity in [1, 3, 7, 100, 10_000] {
        let (bytes, map) = counted(&ASKED, || HashMap::<u64, u64>::with_capacity(capacity));
        let map = owned(&Gc::new_in(&heap, map));
        assert!(map <= bytes && bytes <= map + 16, "{map} of {bytes}: all but what marks the end");
    }
}

fn a_leaf_that_fills_nothing_and_one_that_fills_pages() {
    let heap = Heap::new();
    let units: Vec<_> = (0..1000).map(|_| Gc::new_in(&heap, ())).collect();
    assert!(units.windows(2).all(|pair| !Gc::ptr_eq(&pair[0], &pair[1])), "each is its own object");
    let big = Gc::new_in(&heap, [3_u8; 1 << 16]);
    assert!(big.iter().all(|&byte| byte == 3));
    assert_eq!(heap.live_count(), 1001);
}

/// Chunks that the allocator aligned once left gaps between them that no later one fitted into: the
/// process grew by the size of the garbage with each sweep, though all of it had been given back.
#[cfg(target_os = "linux")]
fn a_sweep_reuses_the_memory_of_the_one_before() {
    let resident = || {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux tells");
        let pages: usize = pages.split(' ').nth(1).and_then(|n| n.parse().ok()).expect("a number");
        pages * 4096
    };
    let heap = Heap::new();
    heap.set_auto_collect(false);
    let mut after = Vec::new();
    for _ in 0..7 {
        let new = |_| Gc::new_in(&heap, Node { next: Slot::empty(), payload: [7; 1] });
        let ring: Vec<_> = (0..MANY).map(new).collect();
        for (n, node) in ring.iter().enumerate() {
            node.next.set(Some(ring[(n + 1) % MANY].clone()));
        }
        drop(ring);
        assert_eq!(heap.collect().collected, MANY);
        after.push(resident());
    }
    // The first rounds find the allocator's own size; from then on nothing is added.
    assert!(after[6] <= after[2] + (24 << 20), "{after:?}");
}

macro_rules! trials {
    ($($name:ident)+) => {
        vec![$(Trial::test(stringify!($name), || Ok($name()))),+]
    };
}

fn main() -> ExitCode {
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    #[cfg_attr(not(target_os = "linux"), expect(unused_mut))]
    let mut trials = trials! {
        a_small_object_takes_no_more_memory_than_in_an_rc
        a_node_takes_its_size_and_a_header_of_16_bytes
        every_byte_goes_back
        empty_chunks_go_back_to_the_allocator
        small_heaps_stay_small
        a_heap_that_shrinks_and_grows_again_asks_the_allocator_once
        who_no_longer_listens_takes_no_memory
        a_weak_container_takes_memory_for_what_is_in_it
        what_an_object_owns_elsewhere_is_what_was_asked_for
        a_leaf_that_fills_nothing_and_one_that_fills_pages
    };
    #[cfg(target_os = "linux")]
    trials.extend(trials! { a_sweep_reuses_the_memory_of_the_one_before });
    libtest_mimic::run(&arguments, trials).exit_code()
}
