//! `Leaf`: any value as a field. The bugs hunted here: a handle inside freed too early, a leaf that
//! behaves unlike what it wraps.

use std::borrow::BorrowMut;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::error::Error;

use gc_core::{GcFree, Leaf};

use crate::support::*;

fn is_traced<T: ?Sized + Trace>() {}
fn is_free<T: ?Sized + GcFree>() {}

#[test]
fn any_static_value_is_a_leaf() {
    struct Foreign;
    is_traced::<Leaf<Foreign>>();
    is_traced::<Leaf<*mut u8>>();
    is_traced::<Leaf<Box<dyn Fn(&str) -> bool>>>();
    is_traced::<Leaf<dyn Fn(&str) -> bool>>();
    is_traced::<Leaf<Rc<Gc<u8>>>>();
    is_traced::<Rc<Leaf<Gc<u8>>>>();
    is_free::<Leaf<Gc<u8>>>();
    assert!(!Gc::is_tracked(&Gc::new(Leaf(Gc::new(1)))));
    assert_eq!(Gc::referents(&Gc::new(vec![Leaf(Gc::new(1))])).len(), 0);
}

#[test]
fn a_leaf_has_the_layout_of_its_value() {
    assert_eq!(size_of::<Leaf<u32>>(), 4);
    assert_eq!(size_of::<Option<Leaf<Box<u8>>>>(), size_of::<Box<u8>>());
}

#[test]
fn a_leaf_behaves_as_its_value() {
    let mut leaf = Leaf::from(String::from("b"));
    leaf.push('!');
    assert_eq!(
        (leaf.to_string(), format!("{leaf:?}"), leaf.len()),
        ("b!".into(), "\"b!\"".into(), 2)
    );
    assert!(leaf > Leaf("a".into()) && leaf == leaf.clone());
    assert_eq!(Leaf::<u8>::default(), Leaf(0));
    assert_eq!(Leaf::into_inner(leaf), "b!");
    let by_name = HashMap::from([(Leaf(String::from("one")), 1)]);
    assert_eq!(by_name.get(&String::from("one")), Some(&1), "it hashes as its value");
    let error: Box<dyn std::error::Error> = Box::new(Leaf(std::fmt::Error));
    assert_eq!(error.to_string(), std::fmt::Error.to_string());
}

#[test]
fn what_a_leaf_holds_is_alive_until_the_leaf_is_dropped() {
    /// A `Drop` that reads its neighbour, which no traced type may have.
    struct ReadsAtItsEnd(Gc<Obj>);
    impl Drop for ReadsAtItsEnd {
        fn drop(&mut self) {
            self.0.check();
        }
    }
    #[derive(Trace)]
    struct Holder {
        me: Slot<Holder>,
        kept: OnceCell<Leaf<ReadsAtItsEnd>>,
    }

    let world = World::quiet();
    let holder = Gc::new_in(&world.heap, Holder { me: Slot::empty(), kept: OnceCell::new() });
    holder.me.set(Some(holder.clone()));
    holder.kept.set(Leaf(ReadsAtItsEnd(world.obj(1)))).ok().unwrap();
    assert_eq!(world.heap.collect().collected, 0);
    drop(holder);
    assert_eq!(world.heap.collect().collected, 1, "the holder; its leaf lets go of the other");
    world.finish([1], &[]);
}

#[test]
fn a_cycle_through_a_leaf_is_kept_and_can_be_opened() {
    #[derive(Trace)]
    struct Own(RefCell<Option<Leaf<Gc<Own>>>>);

    let world = World::quiet();
    let own = Gc::new_in(&world.heap, Own(RefCell::new(None)));
    own.0.replace(Some(Leaf(own.clone())));
    let weak = Gc::downgrade(&own);
    drop(own);
    assert_eq!(world.heap.collect().collected, 0);
    drop(weak.upgrade().expect("it counts as held from outside").0.take());
    assert!(weak.is_dead());
    world.finish([], &[]);
}

#[test]
fn a_leaf_is_borrowed_as_its_value() {
    fn read(text: impl AsRef<String>) -> usize {
        text.as_ref().len()
    }
    fn write(mut text: impl AsMut<String> + Into<Leaf<String>>) -> Leaf<String> {
        text.as_mut().push('!');
        text.into()
    }
    fn rewrite(text: &mut impl BorrowMut<String>) {
        text.borrow_mut().insert(0, '?');
    }
    let mut leaf = write(Leaf("b".to_owned()));
    rewrite(&mut leaf);
    assert_eq!((leaf.as_str(), read(&leaf)), ("?b!", 3));
}

#[test]
fn a_leaf_of_an_error_has_the_errors_source() {
    #[derive(Debug)]
    struct Unwritten(std::fmt::Error);
    impl std::fmt::Display for Unwritten {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("nothing was written")
        }
    }
    impl Error for Unwritten {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }
    let unwritten = Leaf(Unwritten(std::fmt::Error));
    assert!(unwritten.source().is_some_and(|source| source.is::<std::fmt::Error>()));
    assert!(Leaf(std::fmt::Error).source().is_none());
}
