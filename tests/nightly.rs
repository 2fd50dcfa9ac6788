//! With the feature `nightly`, handles coerce as those of std do. Needs a nightly compiler.
#![feature(arbitrary_self_types)]

use std::any::Any;
use std::fmt::Display;
use std::pin::Pin;

use gc_core::{Gc, GcFn, Slot, Trace, Weak, gc_fn};

trait Shape: Trace {
    fn area(&self) -> u32;
    fn me(self: Gc<Self>) -> usize;
    fn is_mine(self: Weak<Self>, other: &Gc<dyn Shape>) -> bool;
}

#[derive(Trace)]
struct Square {
    side: u32,
    next: Slot<dyn Shape>,
}

impl Shape for Square {
    fn area(&self) -> u32 {
        self.side * self.side
    }
    fn me(self: Gc<Self>) -> usize {
        Gc::strong_count(&self)
    }
    fn is_mine(self: Weak<Self>, other: &Gc<dyn Shape>) -> bool {
        std::ptr::addr_eq(self.as_ptr(), Gc::as_ptr(other))
    }
}

#[test]
fn handles_coerce_by_themselves() {
    let square = Gc::new(Square { side: 3, next: Slot::empty() });
    let weak = Gc::downgrade(&square);
    let weak: Weak<dyn Shape> = weak;
    let shape: Gc<dyn Shape> = square.clone();
    square.next.set(Some(shape.clone()));
    assert_eq!(weak.upgrade().unwrap().area(), 9);
    let shapes: Vec<Gc<dyn Shape>> = vec![shape, square];
    assert_eq!(shapes[0].clone().me(), 4);
    let slice: Gc<[u8]> = Gc::new([1, 2, 3]);
    assert_eq!(slice.len(), 3);
    let pinned: Pin<Gc<dyn Display>> = Gc::pin(5);
    assert_eq!(pinned.to_string(), "5");
    let any: Gc<dyn Any> = Gc::new(5);
    assert_eq!(*any.downcast::<i32>().unwrap(), 5);
}

#[test]
fn trait_objects_dispatch_on_handles() {
    let shape: Gc<dyn Shape> = Gc::new(Square { side: 3, next: Slot::empty() });
    assert_eq!(shape.clone().me(), 2);
    assert!(Gc::downgrade(&shape).is_mine(&shape));
}

#[test]
fn closures_coerce_by_themselves() {
    let base = Gc::new(1);
    let add = gc_fn!([base] |n: u32| n + **base);
    let add: GcFn<dyn Fn(u32) -> u32> = add;
    assert_eq!(add(2), 3);
}
