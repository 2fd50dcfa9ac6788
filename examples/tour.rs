//! A walk through what every tutorial on CPython's memory management shows, on a `Gc` heap: each step
//! says what it does, prints what it proves, and asserts it.
//!
//! `cargo run --example tour`

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::rc::Rc;

use gc_core::{AnyGc, DebugFlags, Gc, Generation, Heap, Slot, Thresholds, Trace, WeakValueMap};

/// What most steps are about: a thing with a name that may refer to another.
#[derive(Trace)]
struct Thing {
    name: String,
    other: Slot<Thing>,
}

fn thing(name: &str) -> Gc<Thing> {
    Gc::new(Thing { name: name.to_owned(), other: Slot::empty() })
}

fn main() -> std::io::Result<()> {
    // The tour collects by hand, so that each figure is what the step makes it.
    let heap = Heap::current();
    heap.set_auto_collect(false);

    counts_rise_and_fall();
    an_object_dies_with_its_last_handle();
    one_of_two_names_goes();
    a_self_cycle(&heap);
    a_ring_of_two(&heap);
    a_ring_of_ten(&heap);
    the_collector_is_off_until_called(&heap);
    thresholds_are_read_and_set(&heap);
    counts_per_generation(&heap);
    all_objects_are_listed(&heap);
    a_weak_handle_goes_dead();
    a_cache_of_weak_values();
    debug_flags_save_the_garbage(&heap);
    a_file_is_closed_at_once()?;

    assert_eq!(heap.live_count(), 0);
    println!("\nThe end: {} objects are left.", heap.live_count());
    Ok(())
}

fn step(title: &str) {
    println!("\n{title}");
}

fn counts_rise_and_fall() {
    step("Counts rise and fall");
    let a = thing("a");
    println!("  a new object:             count {}", Gc::strong_count(&a));
    assert_eq!(Gc::strong_count(&a), 1);
    let b = a.clone();
    let list = vec![a.clone(), a.clone()];
    println!("  a second name, a list:    count {}", Gc::strong_count(&a));
    assert_eq!(Gc::strong_count(&a), 4);
    drop(list);
    drop(b);
    println!("  both gone again:          count {}", Gc::strong_count(&a));
    assert_eq!(Gc::strong_count(&a), 1);
}

fn an_object_dies_with_its_last_handle() {
    step("An object dies with its last handle");
    let a = thing("a");
    let watch = Gc::watch(&a, || println!("  (it has just died)"));
    drop(a);
    assert!(watch.is_dead());
    println!("  dead at once, no collector involved");
}

fn one_of_two_names_goes() {
    step("`del` of one of two names");
    let a = thing("shared");
    let b = a.clone();
    drop(a);
    println!("  `{}` lives on through the other name: count {}", b.name, Gc::strong_count(&b));
    assert_eq!(Gc::strong_count(&b), 1);
}

fn a_self_cycle(heap: &Heap) {
    step("An object that refers to itself");
    let a = thing("me");
    a.other.set(Some(a.clone()));
    let weak = Gc::downgrade(&a);
    println!("  count {}: the name, and itself", Gc::strong_count(&a));
    drop(a);
    println!("  the name is gone, the object is {}", if weak.is_dead() { "dead" } else { "alive" });
    assert!(!weak.is_dead());
    let collected = heap.collect().collected;
    println!("  Collected {collected} object");
    assert_eq!(collected, 1);
    assert!(weak.is_dead());
}

fn a_ring_of_two(heap: &Heap) {
    step("Two objects that refer to each other");
    let (a, b) = (thing("a"), thing("b"));
    a.other.set(Some(b.clone()));
    b.other.set(Some(a.clone()));
    drop((a, b));
    let collected = heap.collect().collected;
    println!("  Collected {collected} objects");
    assert_eq!(collected, 2);
}

fn a_ring_of_ten(heap: &Heap) {
    step("A ring of ten");
    let ring: Vec<_> = (0..10).map(|i| thing(&format!("ring {i}"))).collect();
    for (i, member) in ring.iter().enumerate() {
        member.other.set(Some(ring[(i + 1) % 10].clone()));
    }
    let held = ring[3].clone();
    drop(ring);
    println!("  held by one member:   Collected {} objects", heap.collect().collected);
    assert_eq!(heap.live_count(), 10);
    drop(held);
    let collected = heap.collect().collected;
    println!("  and let go of:        Collected {collected} objects");
    assert_eq!(collected, 10);
}

fn the_collector_is_off_until_called(heap: &Heap) {
    step("The collector switched off, then called by hand");
    assert!(!heap.is_auto_collect());
    for i in 0..5000 {
        let a = thing(&format!("cycle {i}"));
        a.other.set(Some(a.clone()));
    }
    println!("  5000 cycles made, {} alive", heap.live_count());
    assert_eq!(heap.live_count(), 5000);
    println!("  Collected {} objects", heap.collect().collected);
    assert_eq!(heap.live_count(), 0);
}

fn thresholds_are_read_and_set(heap: &Heap) {
    step("Thresholds");
    let old = heap.thresholds();
    println!("  as they are:  {} {} {}", old.young, old.middle, old.old);
    heap.set_thresholds(Thresholds { young: 100, middle: 5, old: 5, ..old });
    let new = heap.thresholds();
    println!("  as set:       {} {} {}", new.young, new.middle, new.old);
    assert_eq!((new.young, new.middle, new.old), (100, 5, 5));
    // With the collector on, a cycle is found a hundred allocations later at the latest.
    heap.set_auto_collect(true);
    for _ in 0..1000 {
        let a = thing("short");
        a.other.set(Some(a.clone()));
    }
    println!("  1000 cycles made, {} alive: it collects by itself", heap.live_count());
    assert!(heap.live_count() <= 200);
    heap.set_auto_collect(false);
    heap.set_thresholds(old);
    heap.collect();
}

fn counts_per_generation(heap: &Heap) {
    step("Generations");
    let kept = thing("kept");
    let show = |what| {
        let counts = heap.counts();
        let generation = Gc::generation(&kept);
        println!("  {what:<18} counts {counts:?}, the object is {generation:?}");
        (counts.young, counts.middle, counts.old, generation)
    };
    assert_eq!(show("new").3, Generation::Young);
    heap.collect_generation(Generation::Young);
    assert_eq!(show("after Young"), (0, 1, 0, Generation::Middle));
    heap.collect_generation(Generation::Middle);
    assert_eq!(show("after Middle"), (0, 0, 1, Generation::Old));
    heap.collect_generation(Generation::Old);
    assert_eq!(show("after Old"), (0, 0, 0, Generation::Old));
    let stats = heap.stats();
    println!("  Old has been collected {} times by now", stats[Generation::Old].collections);
}

fn all_objects_are_listed(heap: &Heap) {
    step("Every tracked object, and one looked up by its id");
    let (a, _b) = (thing("a"), thing("b"));
    let id = Gc::id(&a);
    println!("  {} objects: {:?}", heap.objects().len(), heap.objects());
    assert_eq!(heap.objects().len(), 2);
    let found = heap.objects().into_iter().find(|object| object.id() == id);
    let found = found.and_then(|object| AnyGc::downcast::<Thing>(object).ok());
    println!("  {id} is `{}`", found.as_ref().map_or("nobody", |thing| &thing.name));
    assert!(found.is_some_and(|thing| Gc::ptr_eq(&thing, &a)));
    drop(a);
    let found = heap.objects().into_iter().find(|object| object.id() == id);
    println!("  when it is dropped, {id} is {}", if found.is_none() { "nobody" } else { "there" });
    assert!(found.is_none());
}

fn a_weak_handle_goes_dead() {
    step("A weak handle");
    let a = thing("a");
    let weak = Gc::downgrade(&a);
    println!("  {weak:?}: {:?}", weak.with(|thing| thing.name.clone()));
    assert!(weak.upgrade().is_some());
    drop(a);
    println!("  {weak:?}: {:?}", weak.with(|thing| thing.name.clone()));
    assert!(weak.upgrade().is_none());
}

fn a_cache_of_weak_values() {
    step("A cache that does not keep what it holds");
    let cache = WeakValueMap::new();
    let page = thing("the page");
    cache.insert("index.html", &page);
    let hit = cache.get("index.html");
    println!("  hit: `{}`, {} entry", hit.as_ref().map_or("", |thing| &thing.name), cache.len());
    assert_eq!(cache.len(), 1);
    drop((page, hit));
    println!("  nobody uses the page any more: {} entries", cache.len());
    assert_eq!(cache.len(), 0);
    assert!(cache.get("index.html").is_none());
}

fn debug_flags_save_the_garbage(heap: &Heap) {
    step("Debug flags that save the garbage");
    heap.set_debug(DebugFlags::SAVE_ALL);
    let a = thing("a leak to look at");
    a.other.set(Some(a.clone()));
    drop(a);
    let collection = heap.collect();
    println!("  Collected {}, kept {}", collection.collected, collection.uncollectable);
    heap.set_debug(DebugFlags::NONE);
    let garbage = heap.take_garbage();
    println!("  the garbage: {garbage:?}");
    assert_eq!(garbage.len(), 1);
    let leak = garbage.into_iter().next().and_then(|any| any.downcast::<Thing>().ok());
    println!("  it is `{}`", leak.as_ref().map_or("", |thing| &thing.name));
    drop(leak);
    assert_eq!(heap.collect().collected, 1);
}

/// A file in an object. The field has a `Drop` of its own, so nothing needs to be written for it.
#[derive(Trace)]
struct Report {
    #[trace(skip)]
    file: RefCell<Watched<std::fs::File>>,
}

/// Says when it is dropped.
struct Watched<T> {
    inner: T,
    dropped: Rc<Cell<bool>>,
}

impl<T> Drop for Watched<T> {
    fn drop(&mut self) {
        self.dropped.set(true);
    }
}

fn a_file_is_closed_at_once() -> std::io::Result<()> {
    step("A file is closed at once, not when the collector comes by");
    let path = std::env::temp_dir().join(format!("gc-core-tour-{}.txt", std::process::id()));
    let closed = Rc::new(Cell::new(false));
    let file = Watched { inner: std::fs::File::create(&path)?, dropped: closed.clone() };
    let report = Gc::new(Report { file: RefCell::new(file) });
    writeln!(report.file.borrow_mut().inner, "the last line")?;
    println!("  written, closed: {}", closed.get());
    assert!(!closed.get());
    drop(report);
    println!("  the last handle is gone, closed: {}", closed.get());
    assert!(closed.get());
    assert_eq!(std::fs::read_to_string(&path)?, "the last line\n");
    std::fs::remove_file(&path)
}
