//! What a cell comes to.

use std::fmt;
use std::rc::Rc;

use gc_core::Trace;

#[derive(Clone, Debug, PartialEq, Trace)]
pub(crate) enum Value {
    Blank,
    Number(f64),
    Text(Rc<str>),
    Truth(bool),
    Error(Error),
}

/// Why a cell comes to nothing. Whoever refers to such a cell comes to the same.
#[derive(Clone, Copy, Debug, PartialEq, Trace)]
pub(crate) enum Error {
    /// The cell depends on itself.
    Cycle,
    Division,
    /// A text where a number is wanted, or several cells where one is.
    Kind,
    /// The number is too large, or none at all.
    Number,
}

impl Value {
    /// A number as the result of arithmetic.
    pub(crate) fn from_number(number: f64) -> Self {
        if number.is_finite() { Value::Number(number) } else { Value::Error(Error::Number) }
    }

    /// What arithmetic takes it for.
    pub(crate) fn number(&self) -> Result<f64, Error> {
        match *self {
            Value::Blank => Ok(0.0),
            Value::Number(number) => Ok(number),
            Value::Truth(truth) => Ok(f64::from(u8::from(truth))),
            Value::Text(_) => Err(Error::Kind),
            Value::Error(error) => Err(error),
        }
    }

    /// What a condition takes it for.
    pub(crate) fn truth(&self) -> Result<bool, Error> {
        Ok(self.number()? != 0.0)
    }

    /// What `&` takes it for.
    pub(crate) fn text(&self) -> Result<String, Error> {
        match self {
            Value::Error(error) => Err(*error),
            other => Ok(other.to_string()),
        }
    }
}

impl From<Result<Value, Error>> for Value {
    fn from(result: Result<Value, Error>) -> Self {
        result.unwrap_or_else(Value::Error)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Blank => Ok(()),
            Value::Number(number) => {
                // Twelve digits: 0.1 + 0.2 is 0.3 to people.
                let rounded: f64 = format!("{number:.11e}").parse().expect("it was a number");
                rounded.fmt(f)
            }
            Value::Text(text) => text.fmt(f),
            Value::Truth(true) => "TRUE".fmt(f),
            Value::Truth(false) => "FALSE".fmt(f),
            Value::Error(Error::Cycle) => "#CYCLE!".fmt(f),
            Value::Error(Error::Division) => "#DIV/0!".fmt(f),
            Value::Error(Error::Kind) => "#VALUE!".fmt(f),
            Value::Error(Error::Number) => "#NUM!".fmt(f),
        }
    }
}
