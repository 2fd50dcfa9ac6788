//! What a formula is made of, and how its value is computed: a machine with a stack.

use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::rc::Rc;

use gc_core::Gc;

use crate::cell::Cell;
use crate::entry::Formula;
use crate::value::{Error, Value};

/// One step. Operands come before what takes them.
pub(crate) enum Code {
    Number(f64),
    Text(Rc<str>),
    Truth(bool),
    /// The reference with this number.
    Reference(usize),
    Negate,
    Operate(Operator),
    Call(Function, usize),
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concatenate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operator {
    /// By their signs; those that begin another one's come later.
    pub(crate) const ALL: [(&str, Operator); 12] = [
        ("<>", Operator::Unequal),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
        ("=", Operator::Equal),
        ("&", Operator::Concatenate),
        ("+", Operator::Add),
        ("-", Operator::Subtract),
        ("*", Operator::Multiply),
        ("/", Operator::Divide),
        ("^", Operator::Power),
    ];

    /// How strongly it binds.
    pub(crate) fn strength(self) -> u8 {
        match self {
            Self::Concatenate => 1,
            Self::Add | Self::Subtract => 2,
            Self::Multiply | Self::Divide => 3,
            Self::Power => 4,
            _ => 0,
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Function {
    Abs,
    And,
    Average,
    Count,
    If,
    Length,
    Max,
    Min,
    Not,
    Or,
    Round,
    Sum,
}

impl Function {
    pub(crate) const ALL: [(&str, Function); 12] = [
        ("ABS", Function::Abs),
        ("AND", Function::And),
        ("AVERAGE", Function::Average),
        ("COUNT", Function::Count),
        ("IF", Function::If),
        ("LEN", Function::Length),
        ("MAX", Function::Max),
        ("MIN", Function::Min),
        ("NOT", Function::Not),
        ("OR", Function::Or),
        ("ROUND", Function::Round),
        ("SUM", Function::Sum),
    ];

    /// How many arguments it takes.
    pub(crate) fn takes(self) -> RangeInclusive<usize> {
        match self {
            Self::Abs | Self::Length | Self::Not => 1..=1,
            Self::If => 2..=3,
            Self::Round => 1..=2,
            _ => 1..=usize::MAX,
        }
    }
}

/// What is on the stack.
enum Operand<'c> {
    Value(Value),
    /// The cells of a range.
    Cells(&'c [Gc<Cell>]),
}

impl Operand<'_> {
    fn into_value(self) -> Value {
        match self {
            Operand::Value(value) => value,
            Operand::Cells(_) => Value::Error(Error::Kind),
        }
    }
}

/// Computes a formula. `cells` are those that its references lead to, one after the other.
pub(crate) fn compute(formula: &Formula, cells: &[Gc<Cell>]) -> Value {
    let mut rest = cells;
    let areas: Vec<&[Gc<Cell>]> = formula
        .references
        .iter()
        .map(|reference| {
            let (area, behind) = rest.split_at(reference.area().size());
            rest = behind;
            area
        })
        .collect();
    let mut stack: Vec<Operand<'_>> = Vec::new();
    for code in &formula.template.code {
        let operand = match code {
            Code::Number(number) => Operand::Value(Value::Number(*number)),
            Code::Text(text) => Operand::Value(Value::Text(text.clone())),
            Code::Truth(truth) => Operand::Value(Value::Truth(*truth)),
            Code::Reference(n) if formula.references[*n].is_range() => Operand::Cells(areas[*n]),
            Code::Reference(n) => Operand::Value(areas[*n][0].value()),
            Code::Negate => {
                let value = pop(&mut stack).number();
                Operand::Value(value.map(|number| Value::Number(-number)).into())
            }
            Code::Operate(operator) => {
                let right = pop(&mut stack);
                let left = pop(&mut stack);
                Operand::Value(operate(*operator, &left, &right).into())
            }
            Code::Call(function, arguments) => {
                let arguments = stack.split_off(stack.len() - arguments);
                Operand::Value(call(*function, arguments).into())
            }
        };
        stack.push(operand);
    }
    match pop(&mut stack) {
        // A formula that leads to a blank cell is not blank itself.
        Value::Blank => Value::Number(0.0),
        value => value,
    }
}

fn pop(stack: &mut Vec<Operand<'_>>) -> Value {
    stack.pop().expect("operands come before what takes them").into_value()
}

fn operate(operator: Operator, left: &Value, right: &Value) -> Result<Value, Error> {
    let (a, b) = match operator {
        Operator::Concatenate => {
            return Ok(Value::Text((left.text()? + &right.text()?).into()));
        }
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::Power => (left.number()?, right.number()?),
        comparison => {
            let order = compare(left, right)?;
            let holds = match comparison {
                Operator::Equal => order == Some(Ordering::Equal),
                Operator::Unequal => order != Some(Ordering::Equal),
                other => {
                    let order = order.ok_or(Error::Kind)?;
                    match other {
                        Operator::Less => order.is_lt(),
                        Operator::LessOrEqual => order.is_le(),
                        Operator::Greater => order.is_gt(),
                        _ => order.is_ge(),
                    }
                }
            };
            return Ok(Value::Truth(holds));
        }
    };
    Ok(Value::from_number(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide if b == 0.0 => return Err(Error::Division),
        Operator::Divide => a / b,
        _ => a.powf(b),
    }))
}

/// How two values compare; None for those of different kinds.
fn compare(left: &Value, right: &Value) -> Result<Option<Ordering>, Error> {
    Ok(match (left, right) {
        (Value::Error(error), _) | (_, Value::Error(error)) => return Err(*error),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Text(text), Value::Blank) => Some((**text).cmp("")),
        (Value::Blank, Value::Text(text)) => Some("".cmp(text)),
        (Value::Text(_), _) | (_, Value::Text(_)) => None,
        (a, b) => a.number()?.partial_cmp(&b.number()?),
    })
}

fn call(function: Function, arguments: Vec<Operand<'_>>) -> Result<Value, Error> {
    match function {
        Function::Sum => numbers(&arguments, 0.0, |sum, number| sum + number),
        Function::Min => numbers(&arguments, f64::INFINITY, f64::min).map(or_zero),
        Function::Max => numbers(&arguments, f64::NEG_INFINITY, f64::max).map(or_zero),
        Function::Count => {
            let mut count = 0.0;
            each(&arguments, |value| {
                count += f64::from(u8::from(matches!(value, Value::Number(_))));
                Ok(())
            })?;
            return Ok(Value::Number(count));
        }
        Function::Average => {
            let sum = numbers(&arguments, 0.0, |sum, number| sum + number)?;
            let count = numbers(&arguments, 0.0, |count, _| count + 1.0)?;
            if count == 0.0 {
                return Err(Error::Division);
            }
            Ok(sum / count)
        }
        Function::And | Function::Or => {
            let is_and = matches!(function, Function::And);
            let mut holds = is_and;
            each(&arguments, |value| {
                if !matches!(value, Value::Blank) {
                    let truth = value.truth()?;
                    holds = if is_and { holds && truth } else { holds || truth };
                }
                Ok(())
            })?;
            return Ok(Value::Truth(holds));
        }
        Function::If => {
            let mut arguments = arguments.into_iter().map(Operand::into_value);
            let mut next = || arguments.next().unwrap_or(Value::Truth(false));
            let (condition, then, otherwise) = (next(), next(), next());
            // The other one may well be an error.
            return Ok(if condition.truth()? { then } else { otherwise });
        }
        Function::Not => return Ok(Value::Truth(!first(arguments).truth()?)),
        Function::Abs => first(arguments).number().map(f64::abs),
        Function::Length => first(arguments).text().map(|text| text.chars().count() as f64),
        Function::Round => {
            let mut arguments = arguments.into_iter().map(Operand::into_value);
            let number = arguments.next().unwrap_or(Value::Blank).number()?;
            let digits = arguments.next().unwrap_or(Value::Blank).number()?.clamp(-300.0, 300.0);
            let scale = 10_f64.powf(digits.trunc());
            let scaled = number * scale;
            Ok(if scaled.is_finite() { scaled.round() / scale } else { number })
        }
    }
    .map(Value::from_number)
}

fn first(arguments: Vec<Operand<'_>>) -> Value {
    arguments.into_iter().next().map_or(Value::Blank, Operand::into_value)
}

/// The limit that is left if there was no number.
fn or_zero(number: f64) -> f64 {
    if number.is_finite() { number } else { 0.0 }
}

/// Goes through all values of the arguments, those of ranges one by one.
fn each(
    arguments: &[Operand<'_>],
    mut take: impl FnMut(&Value) -> Result<(), Error>,
) -> Result<(), Error> {
    for argument in arguments {
        match argument {
            Operand::Value(value) => take(value)?,
            Operand::Cells(cells) => cells.iter().try_for_each(|cell| take(&cell.value()))?,
        }
    }
    Ok(())
}

/// Puts the numbers among the arguments together. Texts and blanks are passed over, errors are not.
fn numbers(
    arguments: &[Operand<'_>],
    start: f64,
    put: impl Fn(f64, f64) -> f64,
) -> Result<f64, Error> {
    let mut result = start;
    each(arguments, |value| {
        match value {
            Value::Number(number) => result = put(result, *number),
            Value::Error(error) => return Err(*error),
            Value::Blank | Value::Text(_) | Value::Truth(_) => {}
        }
        Ok(())
    })?;
    Ok(result)
}
