//! The values of Scheme, and the objects that they lead to.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::mem;

use super::super::pointer::{Gc, Trace};
use super::code::Closure;
use super::condition::Condition;
use super::machine::Continuation;
use super::primitive::Primitive;
use super::record::{Record, RecordType};
use super::scope::Alias;
use super::weak::{Guardian, WeakPair};

/// A value: what fits in a word as it is, anything else as a handle.
#[derive(Clone, Trace, Default)]
pub(crate) enum Value {
    #[default]
    Nil,
    Unspecified,
    /// What a variable holds before its definition was evaluated. No program gets to see it.
    Undefined,
    Eof,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Char(char),
    Symbol(Gc<Symbol>),
    /// An identifier that a macro's template brought in.
    Alias(Gc<Alias>),
    Text(Gc<Text>),
    Pair(Gc<Pair>),
    Vector(Gc<Vector>),
    Place(Gc<Place>),
    Closure(Gc<Closure>),
    Primitive(#[trace(skip)] &'static Primitive),
    Continuation(Gc<Continuation>),
    /// Other than one value, on their way to a consumer.
    Several(Gc<Vec<Value>>),
    Record(Gc<Record>),
    RecordType(Gc<RecordType>),
    Condition(Gc<Condition>),
    WeakPair(Gc<WeakPair>),
    Guardian(Gc<Guardian>),
}

/// A name. Equal names are one object, as long as anyone holds it: see `World::symbol`.
#[derive(Trace, PartialEq, Eq, Hash)]
pub(crate) struct Symbol {
    pub(crate) name: Box<str>,
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.name
    }
}

/// A string. Its characters can be changed, so they are all of one size.
#[derive(Trace)]
pub(crate) struct Text {
    pub(crate) characters: RefCell<Vec<char>>,
}

#[derive(Trace)]
pub(crate) struct Pair {
    pub(crate) car: Place,
    pub(crate) cdr: Place,
}

#[derive(Trace)]
pub(crate) struct Vector {
    pub(crate) items: Box<[Place]>,
}

/// A cell for a value. As an object of its own it is a variable that is assigned to.
#[derive(Trace)]
pub(crate) struct Place(Cell<Value>);

impl Place {
    pub(crate) fn new(value: Value) -> Self {
        Self(Cell::new(value))
    }

    #[inline]
    pub(crate) fn get(&self) -> Value {
        let value = self.0.replace(Value::Nil);
        let copy = value.clone();
        // What comes out is the `Nil` from above, which owns nothing: to say so saves its drop.
        mem::forget(self.0.replace(value));
        copy
    }

    #[inline]
    pub(crate) fn set(&self, value: Value) {
        self.0.set(value);
    }
}

impl Value {
    #[inline]
    pub(crate) fn cons(car: Value, cdr: Value) -> Value {
        Value::Pair(Gc::new(Pair { car: Place::new(car), cdr: Place::new(cdr) }))
    }

    pub(crate) fn text(characters: impl IntoIterator<Item = char>) -> Value {
        let characters = RefCell::new(characters.into_iter().collect());
        Value::Text(Gc::new(Text { characters }))
    }

    pub(crate) fn vector(items: impl IntoIterator<Item = Value>) -> Value {
        Value::Vector(Gc::new(Vector { items: items.into_iter().map(Place::new).collect() }))
    }

    /// A list of these items.
    pub(crate) fn list(
        items: impl IntoIterator<Item = Value, IntoIter: DoubleEndedIterator>,
    ) -> Value {
        Self::list_onto(items, Value::Nil)
    }

    /// A list of these items, with `tail` where it would end.
    pub(crate) fn list_onto(
        items: impl IntoIterator<Item = Value, IntoIter: DoubleEndedIterator>,
        tail: Value,
    ) -> Value {
        items.into_iter().rev().fold(tail, |rest, item| Value::cons(item, rest))
    }

    /// One value as it is, any other number wrapped.
    pub(crate) fn several(mut values: Vec<Value>) -> Value {
        match values.len() {
            1 => values.remove(0),
            _ => Value::Several(Gc::new(values)),
        }
    }

    #[inline]
    pub(crate) fn is_true(&self) -> bool {
        !matches!(self, Value::Bool(false))
    }

    #[inline]
    pub(crate) fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }

    pub(crate) fn as_pair(&self) -> Option<&Gc<Pair>> {
        match self {
            Value::Pair(pair) => Some(pair),
            _ => None,
        }
    }

    pub(crate) fn is_procedure(&self) -> bool {
        use Value::{Closure, Continuation, Guardian, Primitive};
        matches!(self, Closure(_) | Primitive(_) | Continuation(_) | Guardian(_))
    }

    pub(crate) fn is_identifier(&self) -> bool {
        matches!(self, Value::Symbol(_) | Value::Alias(_))
    }

    /// The items of a list, and what stands where it ends: `Nil` for a proper one. A circular list
    /// has no end, and gives `None`.
    pub(crate) fn items(&self) -> Option<(Vec<Value>, Value)> {
        let mut items = Vec::new();
        let mut rest = self.clone();
        // Brent: the tortoise waits where the hare was when the number of steps was a power of two.
        let mut tortoise: Option<Gc<Pair>> = None;
        while let Value::Pair(pair) = &rest {
            if tortoise.as_ref().is_some_and(|tortoise| Gc::ptr_eq(tortoise, pair)) {
                return None;
            }
            if items.len().is_power_of_two() {
                tortoise = Some(pair.clone());
            }
            items.push(pair.car.get());
            let next = pair.cdr.get();
            rest = next;
        }
        Some((items, rest))
    }

    /// The items of a proper list.
    pub(crate) fn proper_items(&self) -> Option<Vec<Value>> {
        self.items().and_then(|(items, end)| end.is_nil().then_some(items))
    }
}

/// `eqv?`: the same object, or the same number or character.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    use Value::*;
    match (one, other) {
        (Nil, Nil) | (Unspecified, Unspecified) | (Undefined, Undefined) | (Eof, Eof) => true,
        (Bool(one), Bool(other)) => one == other,
        (Integer(one), Integer(other)) => one == other,
        (Real(one), Real(other)) => one.to_bits() == other.to_bits(),
        (Char(one), Char(other)) => one == other,
        (Symbol(one), Symbol(other)) => Gc::ptr_eq(one, other),
        (Alias(one), Alias(other)) => Gc::ptr_eq(one, other),
        (Text(one), Text(other)) => Gc::ptr_eq(one, other),
        (Pair(one), Pair(other)) => Gc::ptr_eq(one, other),
        (Vector(one), Vector(other)) => Gc::ptr_eq(one, other),
        (Place(one), Place(other)) => Gc::ptr_eq(one, other),
        (Closure(one), Closure(other)) => Gc::ptr_eq(one, other),
        (Primitive(one), Primitive(other)) => std::ptr::eq(*one, *other),
        (Continuation(one), Continuation(other)) => Gc::ptr_eq(one, other),
        (Several(one), Several(other)) => Gc::ptr_eq(one, other),
        (Record(one), Record(other)) => Gc::ptr_eq(one, other),
        (RecordType(one), RecordType(other)) => Gc::ptr_eq(one, other),
        (Condition(one), Condition(other)) => Gc::ptr_eq(one, other),
        (WeakPair(one), WeakPair(other)) => Gc::ptr_eq(one, other),
        (Guardian(one), Guardian(other)) => Gc::ptr_eq(one, other),
        _ => false,
    }
}
