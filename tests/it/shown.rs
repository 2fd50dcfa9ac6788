//! What `Debug` and `Display` say. Hunted: a text that says nothing, tells addresses, or keeps a value's own
//! text from being shown.

use std::fmt::{Debug, Write};

use gc_core::{Clones, DeepClone, GcFn, Handles, Inspector, PauseLog, gc_fn};

use crate::support::*;

fn shown(value: &impl Debug) -> String {
    format!("{value:?}")
}

#[test]
fn each_public_type_says_what_it_is() {
    let heap = Heap::new();
    let five = Gc::new_in(&heap, 5);
    assert_eq!(shown(&heap), "Heap { live_objects: 1, .. }");
    assert_eq!(shown(&heap.pause()), "Pause { .. }");
    assert_eq!(shown(&heap.on_collection(|_| ())), "Subscription { .. }");
    assert_eq!(shown(&AnyGc::from(five.clone())), "AnyGc<i32>");
    let id = Gc::id(&five);
    assert_eq!((shown(&id), id.to_string()), (format!("#{}", id.get()), format!("#{}", id.get())));
    let watch = Gc::watch(&five, || ());
    let cleanup = Gc::cleanup(&five, || ());
    assert_eq!(shown(&watch), "Watch { object: (Weak), .. }");
    assert_eq!(shown(&cleanup), "Cleanup { alive: true, .. }");
    drop(five);
    assert_eq!(shown(&watch), "Watch { object: (Weak, dead), .. }");
    assert_eq!(shown(&cleanup), "Cleanup { alive: false, .. }");
    assert_eq!(shown(&Slot::<i32>::empty()), "Slot(None)");
    let entries = WeakValueMap::<u32, i32>::new();
    assert_eq!(shown(&entries), "{}", "as the maps of std");
    let closure: GcFn<dyn Fn(u8) -> u8> = gc_fn! { [] |n| n };
    assert_eq!(
        (closure(5), shown(&closure)),
        (5, format!("GcFn({})", std::any::type_name::<dyn Fn(u8) -> u8>()))
    );
    let log = PauseLog::new(&heap, 10);
    heap.collect();
    heap.collect();
    assert_eq!(shown(&log), format!("PauseLog {{ len: {}, .. }}", log.entries().len()));
}

#[test]
fn handles_and_guards_show_their_value() {
    let mut number = Gc::new(1.5);
    assert_eq!((shown(&number), format!("{number:.2}")), ("1.5".to_owned(), "1.50".to_owned()));
    let guard = Gc::get_mut(&mut number).expect("it is the only one");
    assert_eq!((shown(&guard), format!("{guard:.2}")), ("1.5".to_owned(), "1.50".to_owned()));
}

thread_local! {
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

fn note(value: &dyn Debug) {
    SHOWN.with_borrow_mut(|shown| writeln!(shown, "{value:?}").expect("a string takes it"));
}

#[test]
fn a_snapshot_and_its_parts_say_what_they_are_about() {
    #[derive(Trace)]
    struct Page {
        next: Slot<Page>,
        links: Vec<Gc<Page>>,
    }
    let heap = World::quiet().heap;
    let page = |links| Gc::new_in(&heap, Page { next: Slot::empty(), links });
    let last = page(vec![]);
    let first = page(vec![last.clone()]);
    first.next.set(Some(last.clone()));
    let snapshot = heap.snapshot();
    let (from, to) = (snapshot.find(&first).expect("it"), snapshot.find(&last).expect("it"));
    assert_eq!(shown(&snapshot), "Snapshot(2 objects, 2 edges)");
    assert_eq!(shown(&from), format!("Page#{}", from.number()));
    let edge = from.edges().last().expect("two");
    assert_eq!(shown(&edge), format!("{from:?}.links[0] → {to:?}"));
    assert_eq!(shown(&edge.label()), "Label(links[0])");
    let weak = Gc::downgrade(&last);
    drop(last);
    let snapshot = heap.snapshot();
    let path = snapshot.why_alive(&weak).expect("the first holds it");
    assert_eq!(shown(&path), "Path(Page.next → Page)");
    assert_eq!(shown(&snapshot.dot()), "Dot { .. }");
    weak.upgrade().expect("it lives").next.set(Some(first.clone()));
    drop(first);
    let report = heap.find_unreachable();
    let leak = report.leaks().next().expect("one cycle");
    assert_eq!(shown(&leak), "[Page#0, Page#1]", "its objects");
}

#[test]
fn what_an_inspect_and_a_deep_clone_get_can_be_shown() {
    struct Looks(Gc<u8>);
    // SAFETY: reports its one handle; has no `Drop`.
    unsafe impl Trace for Looks {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn inspect(&self, inspector: Inspector<'_>) {
            note(&inspector);
            self.0.inspect(inspector);
        }
    }
    impl DeepClone for Looks {
        fn handles(&self, found: &mut Handles) {
            self.0.handles(found);
        }
        fn deep_clone(&self, clones: &Clones) -> Self {
            note(clones);
            Looks(self.0.deep_clone(clones))
        }
        fn relink(&self, _: &Self, _: &Clones) {}
    }
    let heap = World::quiet().heap;
    let looks = Gc::new_in(&heap, Looks(Gc::new_in(&heap, 5)));
    assert_eq!(heap.snapshot().len(), 2);
    assert_eq!(*Gc::deep_clone(&looks).0, 5);
    assert_eq!(SHOWN.take(), "Inspector { .. }\nClones { len: 2, .. }\n");
}

#[test]
fn what_a_trace_and_a_finalizer_get_can_be_shown() {
    struct Visited;
    // SAFETY: reports nothing.
    unsafe impl Trace for Visited {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            note(tracer);
        }
        fn may_hold_gc(_: Depth) -> bool {
            true
        }
    }
    #[derive(Trace)]
    #[trace(finalize)]
    struct Last(Visited);
    impl Finalize for Last {
        fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
            note(cx);
        }
    }
    let last = Gc::new(Last(Visited));
    assert!(AnyGc::from(last.clone()).referents().is_empty());
    drop(last);
    assert_eq!(SHOWN.take(), "Tracer { .. }\nFinalizeCx { .. }\n");
}

#[test]
fn debug_flags_and_records_are_told_by_name() {
    let flags = DebugFlags::STATS | DebugFlags::SAVE_ALL;
    assert!(shown(&flags).contains("STATS") && shown(&flags).contains("SAVE_ALL"), "{flags:?}");
    assert_eq!(shown(&DebugFlags::NONE), "DebugFlags()");
    let record = DebugRecord::Start { generation: Generation::Old, sizes: [1, 2, 3], frozen: 4 };
    assert_eq!(record.to_string(), "collecting Old: 1 young, 2 middle, 3 old, 4 frozen");
    let record = DebugRecord::Collectable { type_name: "Node", address: 16 };
    assert_eq!(record.to_string(), "collectable <Node at 0x10>");
    let record = DebugRecord::Uncollectable { type_name: "Node", address: 16 };
    assert_eq!(record.to_string(), "uncollectable <Node at 0x10>");
}

#[test]
fn debug_flags_are_sets() {
    use DebugFlags as F;
    let all = [F::STATS, F::COLLECTABLE, F::UNCOLLECTABLE, F::SAVE_ALL];
    for (one, other) in all.into_iter().flat_map(|one| all.map(|other| (one, other))) {
        assert_eq!(one.contains(other), one == other);
        assert!((one | other).contains(one) && (one | other).contains(other));
        assert_eq!((one | other).without(other), if one == other { F::NONE } else { one });
        let mut both = one;
        both |= other;
        assert!(both == one | other && both.contains(F::NONE) && !F::NONE.contains(both));
    }
    assert_eq!(F::LEAK, F::COLLECTABLE | F::UNCOLLECTABLE | F::SAVE_ALL);
    assert_eq!(shown(&F::LEAK), "DebugFlags(COLLECTABLE | UNCOLLECTABLE | SAVE_ALL)");
}

#[test]
fn each_hook_has_a_name_for_messages() {
    let hooks = [
        (Hook::Finalizer, "finalizer"),
        (Hook::Drop, "drop"),
        (Hook::Watch, "watch"),
        (Hook::Cleanup, "cleanup"),
        (Hook::Subscriber, "collection subscriber"),
        (Hook::DebugSink, "debug sink"),
        (Hook::Trace, "Trace impl"),
    ];
    for (hook, name) in hooks {
        assert_eq!(hook.to_string(), name);
    }
}
