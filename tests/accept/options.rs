//! What `#[trace(..)]` does.
#![forbid(unsafe_code)]

use super::support::{Cell, Finalize, FinalizeCx, Foreign, Gc, Hub, Rc, Slot, Trace};
use super::support::{cycle_is_freed, edges, free, is_tracked, traced};

#[test]
fn a_skipped_field_holds_its_handles_from_outside() {
    #[derive(Trace)]
    struct Button {
        #[trace(skip)]
        on_click: Box<dyn Fn()>,
        owner: Slot<Hub>,
    }
    assert_eq!(edges(Button { on_click: Box::new(|| ()), owner: Slot::default() }), 0);
    assert!(!cycle_is_freed(|hub| Button {
        on_click: Box::new(move || drop(hub.clone())),
        owner: Slot::default(),
    }));
}

#[test]
fn a_leaf_may_hold_and_drop_anything() {
    #[derive(Trace)]
    #[trace(leaf)]
    struct Buffer<T> {
        start: *const T,
        used: Rc<Cell<u32>>,
    }
    impl<T> Drop for Buffer<T> {
        fn drop(&mut self) {
            self.used.set(0);
        }
    }
    let used = Rc::new(Cell::new(1));
    free::<Buffer<Foreign>>();
    drop(Gc::new(Buffer { start: std::ptr::null::<Foreign>(), used: used.clone() }));
    assert_eq!(used.get(), 0);
}

#[test]
fn a_leaf_of_handles_holds_them_from_outside() {
    #[derive(Trace)]
    #[trace(leaf)]
    struct Sealed(Gc<Hub>);
    assert!(!is_tracked(Sealed(Gc::default())));
    assert!(!cycle_is_freed(Sealed));
}

#[test]
fn a_finalizer_runs_once() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Connection {
        peer: Slot<Connection>,
        #[trace(skip)]
        closed: Rc<Cell<u32>>,
    }
    impl Finalize for Connection {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            self.closed.set(self.closed.get() + 1);
        }
    }
    let closed = Rc::new(Cell::new(0));
    let ring = Gc::new(Connection { peer: Slot::default(), closed: closed.clone() });
    ring.peer.set(Some(ring.clone()));
    drop(ring);
    gc_core::collect();
    assert_eq!(closed.get(), 1);
}

#[test]
fn a_leaf_with_a_finalizer_that_asks_more_of_the_parameter() {
    #[derive(Trace)]
    #[trace(leaf, finalize, crate = "::gc_core")]
    struct Total<T: Into<u32> + Copy>(Rc<Cell<u32>>, T);
    impl<T: Into<u32> + Copy> Finalize for Total<T> {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            self.0.set(self.1.into());
        }
    }
    let total = Rc::new(Cell::new(0));
    drop(Gc::new(Total(total.clone(), 7_u8)));
    assert_eq!(total.get(), 7);
}

#[test]
fn a_bound_of_ones_own_carries_a_finalizer_with_the_same() {
    #[derive(Trace)]
    #[trace(finalize, bound = "T: Trace + Clone")]
    struct Keeps<T>(T);
    impl<T: Clone> Finalize for Keeps<T> {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            drop(self.0.clone());
        }
    }
    assert!(cycle_is_freed(Keeps));
}

#[test]
fn no_bound_at_all() {
    #[derive(Trace)]
    #[trace(bound = "")]
    struct Link<T: 'static>(Gc<T>);
    traced::<Link<Foreign>>();
    assert!(cycle_is_freed(Link));
}

#[test]
fn several_predicates() {
    #[derive(Trace)]
    #[trace(bound = "T: Trace + Clone, Vec<T>: Clone,")]
    struct Both<T> {
        one: T,
        all: Vec<T>,
    }
    assert!(cycle_is_freed(|hub| Both { one: hub, all: vec![] }));
}

#[test]
fn a_drop_that_the_author_vouches_for() {
    #[derive(Trace)]
    #[trace(unsafe_drop)]
    struct Counted {
        next: Slot<Hub>,
        #[trace(skip)]
        live: Rc<Cell<u32>>,
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            self.live.set(self.live.get() - 1);
        }
    }
    let live = Rc::new(Cell::new(1));
    let counted = |hub| Counted { next: Slot::new(Some(hub)), live: live.clone() };
    assert!(cycle_is_freed(counted));
    assert_eq!(live.get(), 0);
}

#[test]
fn values_can_be_taken_apart() {
    #[derive(Trace)]
    struct Parts {
        name: String,
        held: Gc<Hub>,
    }
    // No `Drop` is generated, so fields can be moved out.
    let Parts { name, held } = Parts { name: "a".to_owned(), held: Gc::default() };
    assert_eq!((name.as_str(), Gc::strong_count(&held)), ("a", 1));
}

mod deep {
    pub(super) mod inner {
        pub(in super::super) use ::gc_core as memory;
    }
}

#[test]
fn another_path_to_the_crate() {
    #[derive(Trace)]
    #[trace(crate = "deep::inner::memory", finalize)]
    struct Relative(Gc<Hub>);
    impl Finalize for Relative {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {}
    }
    #[derive(Trace)]
    #[trace(crate = "self::deep::inner::memory", leaf)]
    struct FromHere(Foreign);
    #[derive(Trace)]
    #[trace(crate = "crate::accept::options::deep::inner::memory")]
    enum FromTheRoot<T> {
        Held(T),
    }
    assert!(cycle_is_freed(Relative));
    assert!(!is_tracked(FromHere(Foreign)));
    assert!(cycle_is_freed(FromTheRoot::Held));
}
