//! What the features `alloc-sites`, `tracing` and `metrics` tell: where objects were made, a span and
//! warnings, and figures of each collection.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use gc_core::{Gc, Heap, Slot, Thresholds, Trace};

#[derive(Trace)]
struct Node {
    next: Slot<Node>,
}

fn cycle(heap: &Heap) -> Gc<Node> {
    let node = Gc::new_in(heap, Node { next: Slot::empty() });
    node.next.set(Some(node.clone()));
    node
}

mod alloc_sites {
    use super::*;

    fn site<T: ?Sized + 'static>(gc: &Gc<T>) -> (String, u32) {
        let snapshot = Gc::heap(gc).snapshot();
        let site = snapshot.find(gc).expect("it").allocated_at().expect("a constructor was called");
        (site.file().to_owned(), site.line())
    }

    #[test]
    fn every_constructor_is_noted_at_the_place_of_its_call() {
        let heap = Heap::new();
        let node = || Node { next: Slot::empty() };
        let first = line!() + 2;
        let made = [
            Gc::new(node()),
            Gc::new_in(&heap, node()),
            Gc::try_new(node()).expect("memory"),
            Gc::try_new_in(&heap, node()).expect("memory"),
            Gc::new_cyclic(|_| node()),
            Gc::new_cyclic_in(&heap, |_| node()),
            Gc::from(node()),
            Gc::from(Box::new(node())),
        ];
        for (gc, line) in made.iter().zip(first..) {
            assert_eq!(site(gc), (file!().to_owned(), line));
        }
    }

    #[test]
    fn a_site_is_that_of_the_object_and_not_of_one_before_it_at_its_place() {
        let heap = Heap::new();
        let old = Gc::new_in(&heap, [0_u64; 3]);
        let place = Gc::as_ptr(&old).addr();
        drop(old);
        // A slice and its length are of the same size.
        let slice = Gc::slice_in(&heap, vec![1_u64, 2]);
        assert_eq!(Gc::as_ptr(&slice).addr(), place);
        assert_eq!(site(&slice), (file!().to_owned(), line!() - 2));
    }

    #[test]
    fn slices_and_strings_are_noted_at_the_place_of_the_call() {
        let heap = Heap::new();
        let first = line!() + 2;
        let slices: [Gc<[u8]>; 9] = [
            Gc::from(vec![1]),
            Gc::from([1]),
            Gc::from(Box::<[u8]>::from([1])),
            Gc::from(&[1][..]),
            Gc::slice_in(&heap, vec![1]),
            Gc::cloned_slice_in(&heap, &[1]),
            Gc::collect_in(&heap, [1]),
            Gc::collect_in(&heap, [1].into_iter().filter(|&one| one == 1)),
            Gc::default(),
        ];
        for (gc, line) in slices.iter().zip(first..) {
            assert_eq!(site(gc), (file!().to_owned(), line));
        }
        let heap = &heap;
        let first = line!() + 2;
        let strings: [Gc<str>; 4] = [
            Gc::from("the first of some texts"),
            Gc::from("the second, which is owned".to_owned()),
            Gc::str_in(heap, "the third, in a heap"),
            Gc::default(),
        ];
        for (gc, line) in strings.iter().zip(first..) {
            assert_eq!(site(gc), (file!().to_owned(), line));
        }
    }

    #[test]
    fn what_is_written_later_is_noted_where_its_room_was_made() {
        let heap = Heap::new();
        let one = (Gc::<u8>::new_uninit(), line!());
        assert_eq!(site(&one.0).1, one.1);
        let zero = (Gc::<u8>::new_zeroed(), line!());
        assert_eq!(site(&zero.0).1, zero.1);
        let here = (Gc::<u8>::new_uninit_in(&heap), line!());
        assert_eq!(site(&here.0).1, here.1);
        let slice = (Gc::<[u8]>::new_uninit_slice_in(&heap, 3), line!());
        assert_eq!(site(&slice.0).1, slice.1);
    }

    #[test]
    fn clones_are_noted_where_they_were_asked_for() {
        let mut one = Gc::new(vec![1]);
        let _other = one.clone();
        let line = (Gc::make_mut(&mut one).push(2), line!()).1;
        assert_eq!(site(&one).1, line);
        // Moved away from a weak handle.
        let _weak = Gc::downgrade(&one);
        let line = (Gc::make_mut(&mut one).push(3), line!()).1;
        assert_eq!(site(&one).1, line);
        let deep = (Gc::deep_clone(&one), line!());
        assert_eq!(site(&deep.0).1, deep.1);
    }

    #[test]
    fn growth_is_told_by_site() {
        let heap = Heap::new();
        let one = |_| Gc::new_in(&heap, Node { next: Slot::empty() });
        let mut kept: Vec<_> = (0..3).map(one).collect();
        let earlier = heap.snapshot();
        kept.extend((0..5).map(one));
        let other = Gc::new_in(&heap, Node { next: Slot::empty() });
        let later = heap.snapshot();
        let growth = later.growth_by_site(&earlier);
        let figures: Vec<_> = growth.iter().map(|row| (row.growth, row.count)).collect();
        assert_eq!(figures, [(5, 8), (1, 1)]);
        assert!(growth[0].to_string().contains("+5 Node"), "{}", growth[0]);
        assert!(growth[0].to_string().contains("made at tests/instrumented.rs:"), "{}", growth[0]);
        drop(other);
    }

    #[test]
    fn a_leak_is_told_with_its_sites() {
        let heap = Heap::new();
        heap.set_auto_collect(false);
        drop(cycle(&heap));
        let report = heap.find_unreachable();
        let sites = report.leaks().next().expect("a leak").sites();
        assert_eq!(sites.len(), 1);
        assert!(report.to_string().contains("made at tests/instrumented.rs:"), "{report}");
        heap.collect();
    }
}

mod traced {
    use super::*;
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    /// Keeps spans' fields and warnings.
    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<(Vec<Told>, Vec<String>)>>);

    /// The fields of a span or event.
    type Told = HashMap<String, String>;

    struct Fields<'a>(&'a mut Told);

    impl Visit for Fields<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            self.0.insert(field.name().to_owned(), format!("{value:?}"));
        }
    }

    impl Subscriber for Heard {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "gc_core"
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            let mut heard = self.0.lock().expect("not poisoned");
            let mut fields = HashMap::new();
            span.record(&mut Fields(&mut fields));
            heard.0.push(fields);
            Id::from_u64(heard.0.len() as u64)
        }

        fn record(&self, span: &Id, values: &Record<'_>) {
            let mut heard = self.0.lock().expect("not poisoned");
            let number = usize::try_from(span.into_u64()).expect("a small number");
            values.record(&mut Fields(&mut heard.0[number - 1]));
        }

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            assert_eq!(*event.metadata().level(), Level::WARN);
            let mut fields = HashMap::new();
            event.record(&mut Fields(&mut fields));
            let message = fields.remove("message").expect("a warning has a message");
            self.0.lock().expect("not poisoned").1.push(message);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn each_collection_is_a_span_with_its_figures() {
        let heard = Heard::default();
        tracing::subscriber::with_default(heard.clone(), || {
            let heap = Heap::new();
            heap.set_auto_collect(false);
            drop(cycle(&heap));
            assert_eq!(heap.collect().collected, 1);
        });
        let (spans, warnings) = &*heard.0.lock().expect("not poisoned");
        let field = |name: &str| spans[0][name].as_str();
        assert_eq!((field("generation"), field("reason")), ("Old", "Requested"));
        assert_eq!((field("collected"), field("candidates")), ("1", "1"));
        assert!(spans[0].contains_key("pause_us"));
        assert_eq!(*warnings, [""; 0]);
    }

    #[test]
    fn full_collections_that_free_nothing_are_warned_of() {
        let heard = Heard::default();
        tracing::subscriber::with_default(heard.clone(), || {
            let heap = Heap::new();
            let thresholds = Thresholds {
                young: 10,
                middle: 1,
                old: 1,
                full_ratio: 0.0,
                ..Thresholds::default()
            };
            heap.set_thresholds(thresholds);
            let mut kept = Vec::new();
            for _ in 0..2000 {
                kept.push(Gc::new_in(&heap, Node { next: Slot::empty() }));
            }
        });
        let warnings = &heard.0.lock().expect("not poisoned").1;
        assert!(
            warnings[0].starts_with("4 full collections in a row freed nothing"),
            "{warnings:?}"
        );
        assert!(warnings[1].starts_with("8 full"), "{warnings:?}");
    }

    #[test]
    fn a_trace_that_panics_is_warned_of() {
        struct Panics;
        // SAFETY: reports nothing.
        unsafe impl Trace for Panics {
            fn trace(&self, _: &mut gc_core::Tracer<'_>) {
                panic!("no look at me");
            }
        }
        let heard = Heard::default();
        tracing::subscriber::with_default(heard.clone(), || {
            let heap = Heap::new();
            heap.set_error_handler(Some(drop));
            let object = Gc::new_in(&heap, Panics);
            drop(object.clone());
            assert!(heap.collect().given_up.is_some());
        });
        let warnings = &heard.0.lock().expect("not poisoned").1;
        assert!(warnings[0].starts_with("a collection was given up"), "{warnings:?}");
    }
}

mod measured {
    use super::*;
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    #[test]
    fn each_collection_is_counted_and_its_pause_recorded() {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        metrics::with_local_recorder(&recorder, || {
            let heap = Heap::new();
            heap.set_auto_collect(false);
            let kept = cycle(&heap);
            drop(cycle(&heap));
            heap.collect();
            kept.next.set(None);
        });
        let figures: HashMap<_, _> = snapshotter
            .snapshot()
            .into_vec()
            .into_iter()
            .map(|(key, _, _, value)| (key.key().name().to_owned(), value))
            .collect();
        assert_eq!(figures["gc_objects_collected"], DebugValue::Counter(1));
        assert_eq!(figures["gc_live_objects"], DebugValue::Gauge(0.0.into()));
        assert!(
            matches!(&figures["gc_pause_seconds"], DebugValue::Histogram(pauses) if !pauses.is_empty())
        );
        assert!(matches!(figures["gc_collections"], DebugValue::Counter(1..)));
    }
}
