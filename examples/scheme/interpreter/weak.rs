//! Weak pairs and guardians: what a program may know of its objects' deaths.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use super::super::pointer::{Gc, Trace, Weak, on_death};
use super::code::Closure;
use super::condition::{Condition, Outcome, fail};
use super::machine::Continuation;
use super::primitive::{Primitive, plain, wanted};
use super::record::{Record, RecordType};
use super::scope::Alias;
use super::value::{Pair, Place, Symbol, Text, Value, Vector};

/// A pair that does not keep its car.
#[derive(Trace)]
pub(crate) struct WeakPair {
    car: RefCell<WeakValue>,
    cdr: Place,
}

/// Hands out objects that are about to die, or what stands for those that have.
///
/// `(guardian record)`: when nothing else leads to the record, the guardian has it back, once in its life.
/// `(guardian object token)`: when the object has died, the guardian has the token.
/// `(guardian)`: one of these, or `#f`.
#[derive(Trace)]
pub(crate) struct Guardian {
    ready: RefCell<VecDeque<Value>>,
    /// Tokens of objects that live, by the numbers that their deaths tell.
    waiting: RefCell<Vec<(u64, Value)>>,
    numbers: Cell<u64>,
}

/// The guardians of a record.
#[derive(Trace, Default)]
pub(crate) struct Guards(RefCell<Vec<Weak<Guardian>>>);

impl Guards {
    /// Gives each guardian a handle, and is done with them.
    pub(crate) fn hand_over(&self, handle: impl Fn() -> Option<Value>) {
        for guardian in self.0.take() {
            if let (Some(guardian), Some(value)) = (guardian.upgrade(), handle()) {
                guardian.ready.borrow_mut().push_back(value);
            }
        }
    }
}

impl Guardian {
    fn new() -> Gc<Self> {
        Gc::new(Self {
            ready: RefCell::default(),
            waiting: RefCell::default(),
            numbers: Cell::new(0),
        })
    }

    /// What happens when a program calls it.
    pub(crate) fn call(this: &Gc<Guardian>, arguments: &[Value]) -> Outcome {
        match arguments {
            [] => Ok(this.ready.borrow_mut().pop_front().unwrap_or(Value::Bool(false))),
            [Value::Record(record)] => {
                record.guards.0.borrow_mut().push(Gc::downgrade(this));
                Ok(Value::Unspecified)
            }
            [other] => fail(
                "a guardian takes records, or an object and a token",
                std::slice::from_ref(other),
            ),
            [object, token] => {
                let number = this.numbers.get();
                this.numbers.set(number + 1);
                let guardian = Gc::downgrade(this);
                let is_watched = object.on_death(move || {
                    if let Some(guardian) = guardian.upgrade() {
                        guardian.is_dead(number);
                    }
                });
                if !is_watched {
                    return wanted("guardian", "an object that can die", object);
                }
                this.waiting.borrow_mut().push((number, token.clone()));
                Ok(Value::Unspecified)
            }
            _ => fail("a guardian takes an object and a token at most", &[]),
        }
    }

    fn is_dead(&self, number: u64) {
        let mut waiting = self.waiting.borrow_mut();
        if let Some(at) = waiting.iter().position(|&(waiting, _)| waiting == number) {
            let (_, token) = waiting.swap_remove(at);
            self.ready.borrow_mut().push_back(token);
        }
    }
}

/// Writes what is alike for every kind of object.
macro_rules! objects {
    ($($kind:ident: $object:ty),* $(,)?) => {
        /// A value that is not kept.
        #[derive(Trace)]
        enum WeakValue {
            /// What is no object is there for ever.
            Immediate(Value),
            $($kind(Weak<$object>),)*
        }

        impl WeakValue {
            fn of(value: &Value) -> Self {
                match value {
                    $(Value::$kind(object) => Self::$kind(Gc::downgrade(object)),)*
                    other => Self::Immediate(other.clone()),
                }
            }

            fn get(&self) -> Option<Value> {
                match self {
                    $(Self::$kind(object) => object.upgrade().map(Value::$kind),)*
                    Self::Immediate(value) => Some(value.clone()),
                }
            }
        }

        impl Value {
            /// Calls `call` at the object's death. `false`: it is none.
            fn on_death(&self, call: impl FnOnce() + 'static) -> bool {
                match self {
                    $(Value::$kind(object) => on_death(object, call),)*
                    _ => return false,
                }
                true
            }
        }
    };
}

objects! {
    Symbol: Symbol,
    Alias: Alias,
    Text: Text,
    Pair: Pair,
    Vector: Vector,
    Closure: Closure,
    Continuation: Continuation,
    Record: Record,
    RecordType: RecordType,
    Condition: Condition,
    WeakPair: WeakPair,
    Guardian: Guardian,
}

pub(crate) static WEAK: [Primitive; 7] = [
    plain("weak-cons", 2, 2, |_, v| {
        let car = RefCell::new(WeakValue::of(&v[0]));
        Ok(Value::WeakPair(Gc::new(WeakPair { car, cdr: Place::new(v[1].clone()) })))
    }),
    plain("weak-pair?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::WeakPair(_))))),
    // `#f` if it has died.
    plain("weak-car", 1, 1, |_, v| match &v[0] {
        Value::WeakPair(pair) => Ok(pair.car.borrow().get().unwrap_or(Value::Bool(false))),
        other => wanted("weak-car", "a weak pair", other),
    }),
    plain("weak-cdr", 1, 1, |_, v| match &v[0] {
        Value::WeakPair(pair) => Ok(pair.cdr.get()),
        other => wanted("weak-cdr", "a weak pair", other),
    }),
    plain("set-weak-car!", 2, 2, |_, v| match &v[0] {
        Value::WeakPair(pair) => {
            pair.car.replace(WeakValue::of(&v[1]));
            Ok(Value::Unspecified)
        }
        other => wanted("set-weak-car!", "a weak pair", other),
    }),
    plain("set-weak-cdr!", 2, 2, |_, v| match &v[0] {
        Value::WeakPair(pair) => {
            pair.cdr.set(v[1].clone());
            Ok(Value::Unspecified)
        }
        other => wanted("set-weak-cdr!", "a weak pair", other),
    }),
    plain("make-guardian", 0, 0, |_, _| Ok(Value::Guardian(Guardian::new()))),
];
