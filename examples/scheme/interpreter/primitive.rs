//! Procedures that are built in.

use super::condition::{Failure, Outcome, fail};
use super::value::Value;
use super::world::World;

pub(crate) struct Primitive {
    pub(crate) name: &'static str,
    /// How many arguments it needs, and how many it takes at most.
    pub(crate) required: usize,
    pub(crate) limit: usize,
    pub(crate) action: Action,
}

pub(crate) enum Action {
    /// Makes a result of arguments.
    Plain(fn(&World, &[Value]) -> Outcome),
    /// Does something to the machine.
    Control(Control),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Control {
    /// `(apply f x … list)`
    Apply,
    /// `(%apply-values f values)`
    ApplyValues,
    /// `(call/cc f)`
    CallCc,
    /// `(%throw continuation list)`: goes there at once.
    Throw,
    /// `(eval datum)`
    Eval,
}

/// Takes any number of arguments.
pub(crate) const ANY: usize = usize::MAX;

pub(crate) const fn plain(
    name: &'static str,
    required: usize,
    limit: usize,
    action: fn(&World, &[Value]) -> Outcome,
) -> Primitive {
    Primitive { name, required, limit, action: Action::Plain(action) }
}

const fn control(name: &'static str, required: usize, limit: usize, control: Control) -> Primitive {
    Primitive { name, required, limit, action: Action::Control(control) }
}

pub(crate) static CONTROL: [Primitive; 7] = [
    control("apply", 2, ANY, Control::Apply),
    control("%apply-values", 2, 2, Control::ApplyValues),
    control("call/cc", 1, 1, Control::CallCc),
    control("call-with-current-continuation", 1, 1, Control::CallCc),
    control("%throw", 2, 2, Control::Throw),
    control("eval", 1, 2, Control::Eval),
    plain("procedure?", 1, 1, |_, values| Ok(Value::Bool(values[0].is_procedure()))),
];

/// The primitive was not given what it works on.
pub(crate) fn wanted<T>(name: &str, what: &str, got: &Value) -> Result<T, Failure> {
    fail(&format!("{name}: wanted {what}, got"), std::slice::from_ref(got))
}

/// An index or a count.
pub(crate) fn index(name: &str, value: &Value) -> Result<usize, Failure> {
    match value {
        Value::Integer(number) if *number >= 0 => {
            Ok(usize::try_from(*number).unwrap_or(usize::MAX))
        }
        other => wanted(name, "an index", other),
    }
}

/// A start and an end, both of which may be left out, within `len`.
pub(crate) fn range(
    name: &str,
    bounds: &[Value],
    len: usize,
) -> Result<std::ops::Range<usize>, Failure> {
    let start = bounds.first().map_or(Ok(0), |start| index(name, start))?;
    let end = bounds.get(1).map_or(Ok(len), |end| index(name, end))?;
    if start <= end && end <= len {
        Ok(start..end)
    } else {
        fail(&format!("{name}: out of range"), bounds)
    }
}
