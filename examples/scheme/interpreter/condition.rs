//! What goes wrong: conditions, which are values, and the ways in which a program stops.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::super::pointer::{Gc, Trace};
use super::print::written;
use super::value::Value;

/// An error as a value, made by `error` or by a primitive.
#[derive(Trace)]
pub(crate) struct Condition {
    pub(crate) message: Value,
    pub(crate) irritants: Value,
    /// Where it was raised first.
    pub(crate) location: RefCell<Option<Location>>,
}

/// A place in a source text, counted from one.
#[derive(Trace, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// A place in a file.
#[derive(Trace, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Location {
    pub(crate) source: Rc<str>,
    pub(crate) position: Position,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.position.line, self.position.column)
    }
}

/// Why a step of a program has no result.
pub(crate) enum Failure {
    /// Something was raised: handlers hear of it.
    Raise(Value),
    /// Something was raised that no handler wanted.
    Uncaught(Value),
    Exit(u8),
}

pub(crate) type Outcome = Result<Value, Failure>;

/// An error with this message, and what it is about.
pub(crate) fn fail<T>(message: &str, irritants: &[Value]) -> Result<T, Failure> {
    let condition = Condition {
        message: Value::text(message.chars()),
        irritants: Value::list(irritants.iter().cloned()),
        location: RefCell::new(None),
    };
    Err(Failure::Raise(Value::Condition(Gc::new(condition))))
}

/// What was raised, in words, with the place if it is known.
pub(crate) fn describe(raised: &Value, location: Option<&Location>) -> String {
    match raised {
        Value::Condition(condition) => {
            let own = condition.location.borrow();
            let mut words = match own.as_ref().or(location) {
                Some(location) => format!("{location}: "),
                None => String::new(),
            };
            words.push_str(&message_and_irritants(condition));
            words
        }
        _ => {
            let location = location.map(|location| format!("{location}: ")).unwrap_or_default();
            format!("{location}raised and not handled: {}", written(raised))
        }
    }
}

/// The message as it is, and behind a colon what it is about as a program would write it.
pub(crate) fn message_and_irritants(condition: &Condition) -> String {
    let mut words = match &condition.message {
        Value::Text(text) => text.characters.borrow().iter().collect(),
        other => written(other),
    };
    let (irritants, _) = condition.irritants.items().unwrap_or_default();
    for (n, irritant) in irritants.iter().enumerate() {
        words.push_str(if n == 0 { ": " } else { " " });
        words.push_str(&written(irritant));
    }
    words
}
