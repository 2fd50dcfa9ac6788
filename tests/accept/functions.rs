//! Pointers to functions hold nothing, whatever they take and return.
#![forbid(unsafe_code)]
#![expect(clippy::type_complexity, reason = "complex types are what is tested")]

use std::collections::HashMap;

use super::support::{Gc, Hub, RefCell, Trace, cycle_is_freed, is_tracked};

#[test]
fn of_any_signature() {
    #[derive(Trace)]
    struct Table<T: 'static> {
        plain: fn(u8) -> u8,
        borrows: fn(&str, &mut T) -> bool,
        named: for<'a> fn(&'a T, &T) -> &'a T,
        of_c: extern "C" fn(*const T, ...) -> *mut T,
        dangerous: Option<unsafe extern "C" fn(&T)>,
        never: fn() -> !,
        #[rustfmt::skip]
        many: fn(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, &u8),
    }
    fn table<T: Trace>(_: impl Fn(&T)) {}
    table(|_: &Table<Gc<Hub>>| ());
}

#[derive(Trace)]
struct Machine {
    stack: RefCell<Vec<Gc<Hub>>>,
    instructions: [fn(&mut Machine); 2],
    names: HashMap<&'static str, fn(&mut Machine, &str)>,
    traps: Vec<(u32, Option<fn(&Machine) -> &Hub>)>,
}

#[test]
fn in_tables() {
    fn nothing(_: &mut Machine) {}
    let print: fn(&mut Machine, &str) = |_, _| ();
    assert!(cycle_is_freed(|hub| Machine {
        stack: RefCell::new(vec![hub]),
        instructions: [nothing; 2],
        names: HashMap::from([("print", print)]),
        traps: vec![(7, None)],
    }));
}

#[test]
fn with_types_that_are_not_traced() {
    struct Unknown;
    #[derive(Trace)]
    struct Make(fn(&Unknown) -> Option<Unknown>, Box<fn(&Unknown)>);
    assert!(!is_tracked(Make(|_| None, Box::new(|_| ()))));
}

#[test]
fn a_closure_that_is_send_captures_no_handle() {
    #[derive(Trace)]
    struct Tasks {
        plain: Vec<Box<dyn FnOnce() + Send>>,
        borrowing: HashMap<String, Box<dyn Fn(&str) -> usize + Send + Sync>>,
    }
    let tasks = Tasks { plain: vec![], borrowing: HashMap::new() };
    assert!(!is_tracked(tasks));
}
