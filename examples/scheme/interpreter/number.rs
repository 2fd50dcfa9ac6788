//! Numbers: integers of 64 bits and reals of 64 bits. An integer that would not fit is an error, never a
//! wrong number, and never a real behind the program's back.

use std::cmp::Ordering;
use std::slice;

use super::condition::{Failure, Outcome, fail};
use super::value::Value;

/// Reads a number. `None`: the word is none. An error: it would be one, but does not fit.
pub(crate) fn read(word: &str, radix: u32) -> Option<Result<Value, String>> {
    let (word, radix) = match word.get(..2) {
        Some("#x") => (&word[2..], 16),
        Some("#b") => (&word[2..], 2),
        Some("#o") => (&word[2..], 8),
        Some("#d") => (&word[2..], 10),
        _ => (word, radix),
    };
    match word {
        "+inf.0" => return Some(Ok(Value::Real(f64::INFINITY))),
        "-inf.0" => return Some(Ok(Value::Real(f64::NEG_INFINITY))),
        "+nan.0" | "-nan.0" => return Some(Ok(Value::Real(f64::NAN))),
        _ => {}
    }
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_digit(radix) || c == '.') {
        return None;
    }
    if digits.chars().all(|c| c.is_digit(radix)) {
        let number = i64::from_str_radix(word, radix);
        return Some(match number {
            Ok(number) => Ok(Value::Integer(number)),
            Err(_) => Err(format!("{word} does not fit in 64 bits")),
        });
    }
    let is_real = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if radix != 10 || !digits.chars().all(is_real) || !digits.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    word.parse().ok().map(|number| Ok(Value::Real(number)))
}

/// A real as Scheme writes it.
pub(crate) fn real_text(number: f64) -> String {
    if number.is_nan() {
        "+nan.0".into()
    } else if number.is_infinite() {
        if number > 0.0 { "+inf.0".into() } else { "-inf.0".into() }
    } else {
        format!("{number:?}")
    }
}

/// Two numbers of one kind.
enum Both {
    Integers(i64, i64),
    Reals(f64, f64),
}

fn both(name: &str, one: &Value, other: &Value) -> Result<Both, Failure> {
    match (one, other) {
        (&Value::Integer(one), &Value::Integer(other)) => Ok(Both::Integers(one, other)),
        _ => Ok(Both::Reals(real(name, one)?, real(name, other)?)),
    }
}

/// A number as a real.
pub(crate) fn real(name: &str, value: &Value) -> Result<f64, Failure> {
    match value {
        Value::Integer(number) => Ok(*number as f64),
        Value::Real(number) => Ok(*number),
        other => fail(&format!("{name}: this is no number"), slice::from_ref(other)),
    }
}

pub(crate) fn overflow<T>(name: &str, numbers: &[Value]) -> Result<T, Failure> {
    fail(&format!("{name}: the result does not fit in 64 bits"), numbers)
}

macro_rules! arithmetic {
    ($name:ident, $symbol:literal, $checked:ident, $operator:tt) => {
        #[inline]
        pub(crate) fn $name(one: &Value, other: &Value) -> Outcome {
            match both($symbol, one, other)? {
                Both::Integers(a, b) => match a.$checked(b) {
                    Some(result) => Ok(Value::Integer(result)),
                    None => overflow($symbol, &[one.clone(), other.clone()]),
                },
                Both::Reals(a, b) => Ok(Value::Real(a $operator b)),
            }
        }
    };
}

arithmetic!(add, "+", checked_add, +);
arithmetic!(subtract, "-", checked_sub, -);
arithmetic!(multiply, "*", checked_mul, *);

/// Exact if both are and it comes out even; a real otherwise.
pub(crate) fn divide(one: &Value, other: &Value) -> Outcome {
    match both("/", one, other)? {
        Both::Integers(_, 0) => fail("/: division by zero", slice::from_ref(one)),
        Both::Integers(a, b) => match (a.checked_rem(b), a.checked_div(b)) {
            (Some(0), Some(result)) => Ok(Value::Integer(result)),
            (Some(_), Some(_)) => Ok(Value::Real(a as f64 / b as f64)),
            _ => overflow("/", &[one.clone(), other.clone()]),
        },
        Both::Reals(a, b) => Ok(Value::Real(a / b)),
    }
}

/// How two numbers compare; not at all with what is no number.
#[inline]
pub(crate) fn compare(name: &str, one: &Value, other: &Value) -> Result<Option<Ordering>, Failure> {
    Ok(match both(name, one, other)? {
        Both::Integers(one, other) => Some(one.cmp(&other)),
        Both::Reals(one, other) => one.partial_cmp(&other),
    })
}

/// How an integer division rounds.
#[derive(Clone, Copy)]
pub(crate) enum Division {
    Quotient,
    Remainder,
    Modulo,
    FloorQuotient,
}

pub(crate) fn integer_division(
    name: &str,
    division: Division,
    one: &Value,
    other: &Value,
) -> Outcome {
    match both(name, one, other)? {
        Both::Integers(_, 0) => fail(&format!("{name}: division by zero"), slice::from_ref(one)),
        Both::Integers(a, b) => {
            let result = match division {
                Division::Quotient => a.checked_div(b),
                Division::Remainder => Some(a.wrapping_rem(b)),
                Division::Modulo => {
                    let rest = a.wrapping_rem(b);
                    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
                }
                Division::FloorQuotient => a.checked_div(b).map(|quotient| {
                    let rest = a.wrapping_rem(b);
                    if rest != 0 && (rest < 0) != (b < 0) { quotient - 1 } else { quotient }
                }),
            };
            result.map_or_else(
                || overflow(name, &[one.clone(), other.clone()]),
                |n| Ok(Value::Integer(n)),
            )
        }
        Both::Reals(a, b) if a.fract() == 0.0 && b.fract() == 0.0 && b != 0.0 => {
            Ok(Value::Real(match division {
                Division::Quotient => (a / b).trunc(),
                Division::Remainder => a % b,
                Division::Modulo => a - b * (a / b).floor(),
                Division::FloorQuotient => (a / b).floor(),
            }))
        }
        Both::Reals(..) => fail(&format!("{name}: wanted integers"), &[one.clone(), other.clone()]),
    }
}

/// `expt`: exact if both are and the power is not negative.
pub(crate) fn power(base: &Value, exponent: &Value) -> Outcome {
    match both("expt", base, exponent)? {
        Both::Integers(a, b) if b >= 0 => {
            let result = match (a, u32::try_from(b)) {
                (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
                (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
                (_, Ok(b)) => a.checked_pow(b),
                (_, Err(_)) => None,
            };
            result.map_or_else(
                || overflow("expt", &[base.clone(), exponent.clone()]),
                |n| Ok(Value::Integer(n)),
            )
        }
        Both::Integers(a, b) => Ok(Value::Real((a as f64).powf(b as f64))),
        Both::Reals(a, b) => Ok(Value::Real(a.powf(b))),
    }
}

/// A whole real as an integer.
pub(crate) fn exact(value: &Value) -> Outcome {
    match value {
        Value::Integer(_) => Ok(value.clone()),
        &Value::Real(number) if number.fract() == 0.0 && number.abs() < 2_f64.powi(63) => {
            Ok(Value::Integer(number as i64))
        }
        other => fail("exact: there is no such integer", slice::from_ref(other)),
    }
}
