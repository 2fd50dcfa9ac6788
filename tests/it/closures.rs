//! `GcFn`: closures whose captures are traced. The bugs hunted here: a capture that is not reported (a
//! cycle leaks) or reported by each clone (it is freed in use), a call after the captures have gone, a
//! signature that does not pass.

#![expect(clippy::type_complexity, reason = "complex types are what is tested")]

use gc_core::{GcFn, coerce, gc_fn};

use crate::support::*;

#[derive(Trace, Default)]
struct Button {
    clicks: Cell<u32>,
    listeners: RefCell<Vec<GcFn<dyn Fn(&Button, u32)>>>,
}

impl Button {
    fn click(&self, times: u32) {
        let listeners = self.listeners.borrow().clone();
        listeners.iter().for_each(|listener| listener(self, times));
    }
}

#[test]
fn a_cycle_through_a_closure_is_collected_and_not_before() {
    let world = World::quiet();
    let button = Gc::new_in(&world.heap, Button::default());
    let seen = world.obj(1);
    let listener = gc_fn!(in &world.heap; [button = button.clone(), seen] |from: &Button, times| {
        seen.check();
        assert!(std::ptr::eq(from, &**button));
        button.clicks.set(button.clicks.get() + times);
    });
    button.listeners.borrow_mut().push(coerce!(listener => dyn Fn(&Button, u32)));
    assert_eq!(world.heap.collect().collected, 0);
    button.click(2);
    assert_eq!(button.clicks.get(), 2);
    let weak = Gc::downgrade(&button);
    drop(button);
    assert!(!weak.is_dead());
    assert_eq!(world.heap.collect().collected, 3, "button, captures, and what they hold");
    assert!(weak.is_dead());
    world.finish([1], &[]);
}

#[test]
fn captures_without_a_handle_are_a_leaf() {
    let world = World::quiet();
    let plain = gc_fn!(in &world.heap; [number = 5] || *number);
    assert_eq!((world.heap.live_count(), world.heap.objects().len()), (1, 0));
    let object = world.obj(1);
    let other = gc_fn!(in &world.heap; [number = 5, object] || *number + object.n);
    assert_eq!((world.heap.live_count(), world.heap.objects().len()), (3, 2));
    assert_eq!((plain(), other()), (5, 6));
    drop((plain, other));
    world.finish([1], &[]);
}

#[test]
fn clones_share_captures_that_are_reported_for_each() {
    let world = World::quiet();
    let object = world.obj(1);
    let one: GcFn<dyn Fn()> = gc_fn!(in &world.heap; [object] || object.check());
    let two = one.clone();
    assert!(GcFn::ptr_eq(&one, &two));
    let list = Gc::new_in(&world.heap, RefCell::new(vec![one, two]));
    assert_eq!(Gc::referents(&list).len(), 2);
    assert!(Gc::referents(&list)[0].ptr_eq(&Gc::referents(&list)[1]));
    world.heap.collect();
    list.borrow_mut().pop();
    world.heap.collect();
    list.borrow()[0]();
    drop(list);
    world.finish([1], &[]);
}

#[test]
fn a_closure_may_remove_and_drop_itself_while_it_runs() {
    let world = World::quiet();
    let button = Gc::new_in(&world.heap, Button::default());
    let once: GcFn<dyn Fn(&Button, u32)> = gc_fn!(in &world.heap; [button = button.clone(), object = world.obj(1)] |_, times| {
        button.listeners.borrow_mut().clear();
        object.check();
        button.clicks.set(times);
    });
    button.listeners.borrow_mut().push(once);
    button.click(7);
    button.click(8);
    assert_eq!(button.clicks.get(), 7);
    drop(button);
    world.finish([1], &[]);
}

#[test]
fn any_number_of_parameters_of_any_kind() {
    let f0: GcFn<dyn Fn() -> u8> = gc_fn!([] || 0);
    let f1: GcFn<dyn Fn(u8) -> u8> = gc_fn! { [] |a| a };
    let f2: GcFn<dyn Fn(&u8, &mut u8)> = gc_fn! { [] |a, b| *b += *a };
    let f3: GcFn<dyn Fn((u8, u8), u8, &[u8]) -> usize> =
        gc_fn!([] |(a, b), _, c: &[u8]| usize::from(a + b) + c.len());
    let f8: GcFn<dyn Fn(u8, u8, u8, u8, u8, u8, u8, u8) -> u8> =
        gc_fn!([] |a, b, c, d, e, f, g, h| -> u8 { a + b + c + d + e + f + g + h });
    let mut n = 1;
    f2(&2, &mut n);
    assert_eq!((f0(), f1(1), n, f3((1, 2), 3, &[4, 5])), (0, 1, 3, 5));
    assert_eq!(f8(1, 1, 1, 1, 1, 1, 1, 1), 8);
}

#[test]
fn a_result_may_borrow_from_a_parameter() {
    let longest: GcFn<dyn for<'a> Fn(&'a [String]) -> Option<&'a str>> =
        gc_fn! { [] |words| words.iter().map(String::as_str).max_by_key(|word| word.len()) };
    assert_eq!(longest(&["a".into(), "abc".into()]), Some("abc"));
}

#[test]
fn captures_of_any_kind() {
    let strong = Gc::new(1);
    let weak = Gc::downgrade(&strong);
    let text: Gc<str> = "text".into();
    let cell = Cell::new(0);
    let inner: GcFn<dyn Fn(u32) -> u32> = gc_fn! { [] |n| n + 1 };
    let f: GcFn<dyn Fn() -> String> = gc_fn!(
        [weak, text, cell, inner, plain = 5_u32] || {
            cell.set(inner(cell.get()));
            format!("{:?} {text} {} {plain}", weak.upgrade().as_deref(), cell.get())
        }
    );
    assert_eq!(f(), "Some(1) text 1 5");
    drop(strong);
    assert_eq!(f(), "None text 2 5");
}

#[test]
fn a_return_or_question_mark_in_the_body_leaves_the_closure_alone() {
    let parse: GcFn<dyn Fn(&str) -> Result<u32, std::num::ParseIntError>> = gc_fn! {
        [] |text| {
            if text.is_empty() {
                return Ok(0);
            }
            let number: u32 = text.parse()?;
            Ok(number)
        }
    };
    assert_eq!((parse(""), parse("5")), (Ok(0), Ok(5)));
    assert!(parse("five").is_err());
}

#[test]
fn a_closure_can_be_made_where_borrowed_types_are_in_scope() {
    struct Parser<'a, T: ?Sized>(&'a T);
    impl<T: Copy> Parser<'_, T>
    where
        u32: From<T>,
    {
        fn token(&self) -> GcFn<dyn Fn() -> u32> {
            let text = Gc::new(u32::from(*self.0));
            gc_fn!([text] || **text)
        }
    }
    fn name_of<'a>(name: &'a str) -> GcFn<dyn Fn() -> usize> {
        let len: Gc<usize> = Gc::new(Parser::<'a, str>(name).0.len());
        gc_fn!([len] || **len)
    }
    assert_eq!((Parser(&7_u8).token()(), name_of("word")()), (7, 4));
}

#[test]
fn captures_are_dropped_with_the_last_clone() {
    let world = World::quiet();
    let f: GcFn<dyn Fn()> = gc_fn!(in &world.heap; [object = world.obj(1)] || object.check());
    let g = f.clone();
    drop(f);
    g();
    assert_eq!(world.log.drops(), 0);
    drop(g);
    assert_eq!(world.log.take(), [Fin(1), Dropped(1)]);
}

#[test]
fn a_closure_that_panics_can_be_called_again() {
    let f: GcFn<dyn Fn(bool) -> u8> =
        gc_fn! { [] |fails| if fails { panic!("as asked") } else { 1 } };
    let call = std::panic::AssertUnwindSafe(|| f(true));
    assert_eq!(message(&*std::panic::catch_unwind(call).unwrap_err()), "as asked");
    assert_eq!(f(false), 1);
}

#[test]
fn a_closure_can_be_called_in_a_finalizer_of_its_cycle() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct File {
        on_close: RefCell<Option<GcFn<dyn Fn(u32)>>>,
    }
    impl Finalize for File {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            let on_close = self.on_close.borrow();
            on_close.as_ref().expect("it is whole")(3);
        }
    }
    let world = World::quiet();
    let closed = Rc::new(Cell::new(0));
    let file = Gc::new_in(&world.heap, File { on_close: RefCell::default() });
    let me = file.clone();
    let tell: GcFn<dyn Fn(u32)> = gc_fn!(in &world.heap; [me, closed = closed.clone()] |n| {
        assert!(me.on_close.borrow().is_some());
        closed.set(n);
    });
    file.on_close.replace(Some(tell));
    drop(file);
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(closed.get(), 3);
}
