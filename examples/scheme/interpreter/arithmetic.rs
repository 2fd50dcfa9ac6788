//! Procedures on numbers.

use std::cmp::Ordering;

use super::condition::{Outcome, fail};
use super::number::{
    Division, add, compare, divide, exact, integer_division, multiply, overflow, power, read, real,
    real_text, subtract,
};
use super::primitive::{ANY, Primitive, plain, wanted};
use super::value::Value;

pub(crate) static ARITHMETIC: [Primitive; 48] = [
    plain("+", 0, ANY, |_, v| v.iter().try_fold(Value::Integer(0), |sum, x| add(&sum, x))),
    plain("*", 0, ANY, |_, v| {
        v.iter().try_fold(Value::Integer(1), |product, x| multiply(&product, x))
    }),
    plain("-", 1, ANY, |_, v| match v {
        [only] => subtract(&Value::Integer(0), only),
        [first, rest @ ..] => rest.iter().try_fold(first.clone(), |left, x| subtract(&left, x)),
        [] => unreachable!("it takes one at least"),
    }),
    plain("/", 1, ANY, |_, v| match v {
        [only] => divide(&Value::Integer(1), only),
        [first, rest @ ..] => rest.iter().try_fold(first.clone(), |left, x| divide(&left, x)),
        [] => unreachable!("it takes one at least"),
    }),
    plain("=", 1, ANY, |_, v| ordered("=", Ordering::is_eq, v)),
    plain("<", 1, ANY, |_, v| ordered("<", Ordering::is_lt, v)),
    plain(">", 1, ANY, |_, v| ordered(">", Ordering::is_gt, v)),
    plain("<=", 1, ANY, |_, v| ordered("<=", Ordering::is_le, v)),
    plain(">=", 1, ANY, |_, v| ordered(">=", Ordering::is_ge, v)),
    plain("number?", 1, 1, |_, v| {
        Ok(Value::Bool(matches!(v[0], Value::Integer(_) | Value::Real(_))))
    }),
    plain("real?", 1, 1, |_, v| {
        Ok(Value::Bool(matches!(v[0], Value::Integer(_) | Value::Real(_))))
    }),
    plain("integer?", 1, 1, |_, v| Ok(Value::Bool(is_whole(&v[0])))),
    plain("exact?", 1, 1, |_, v| {
        real("exact?", &v[0])?;
        Ok(Value::Bool(matches!(v[0], Value::Integer(_))))
    }),
    plain("inexact?", 1, 1, |_, v| {
        real("inexact?", &v[0])?;
        Ok(Value::Bool(matches!(v[0], Value::Real(_))))
    }),
    plain("exact-integer?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Integer(_))))),
    plain("nan?", 1, 1, |_, v| Ok(Value::Bool(real("nan?", &v[0])?.is_nan()))),
    plain("zero?", 1, 1, |_, v| sign("zero?", Ordering::is_eq, &v[0])),
    plain("positive?", 1, 1, |_, v| sign("positive?", Ordering::is_gt, &v[0])),
    plain("negative?", 1, 1, |_, v| sign("negative?", Ordering::is_lt, &v[0])),
    plain("even?", 1, 1, |_, v| parity("even?", 0, &v[0])),
    plain("odd?", 1, 1, |_, v| parity("odd?", 1, &v[0])),
    plain("quotient", 2, 2, |_, v| integer_division("quotient", Division::Quotient, &v[0], &v[1])),
    plain("truncate-quotient", 2, 2, |_, v| {
        integer_division("truncate-quotient", Division::Quotient, &v[0], &v[1])
    }),
    plain("remainder", 2, 2, |_, v| {
        integer_division("remainder", Division::Remainder, &v[0], &v[1])
    }),
    plain("truncate-remainder", 2, 2, |_, v| {
        integer_division("truncate-remainder", Division::Remainder, &v[0], &v[1])
    }),
    plain("modulo", 2, 2, |_, v| integer_division("modulo", Division::Modulo, &v[0], &v[1])),
    plain("floor-remainder", 2, 2, |_, v| {
        integer_division("floor-remainder", Division::Modulo, &v[0], &v[1])
    }),
    plain("floor-quotient", 2, 2, |_, v| {
        integer_division("floor-quotient", Division::FloorQuotient, &v[0], &v[1])
    }),
    plain("gcd", 0, ANY, |_, v| {
        let mut divisor = 0;
        for number in v {
            let mut other = integer("gcd", number)?.unsigned_abs();
            while other != 0 {
                (divisor, other) = (other, divisor % other);
            }
        }
        i64::try_from(divisor).map_or_else(|_| overflow("gcd", v), |n| Ok(Value::Integer(n)))
    }),
    plain("abs", 1, 1, |_, v| match &v[0] {
        Value::Integer(n) => match n.checked_abs() {
            Some(n) => Ok(Value::Integer(n)),
            None => overflow("abs", v),
        },
        other => Ok(Value::Real(real("abs", other)?.abs())),
    }),
    plain("max", 1, ANY, |_, v| extreme("max", Ordering::Greater, v)),
    plain("min", 1, ANY, |_, v| extreme("min", Ordering::Less, v)),
    plain("floor", 1, 1, |_, v| rounded("floor", f64::floor, &v[0])),
    plain("ceiling", 1, 1, |_, v| rounded("ceiling", f64::ceil, &v[0])),
    plain("truncate", 1, 1, |_, v| rounded("truncate", f64::trunc, &v[0])),
    plain("round", 1, 1, |_, v| rounded("round", f64::round_ties_even, &v[0])),
    plain("exact", 1, 1, |_, v| exact(&v[0])),
    plain("inexact", 1, 1, |_, v| Ok(Value::Real(real("inexact", &v[0])?))),
    plain("expt", 2, 2, |_, v| power(&v[0], &v[1])),
    plain("square", 1, 1, |_, v| multiply(&v[0], &v[0])),
    plain("sqrt", 1, 1, |_, v| {
        // Exact where the root is.
        if let Value::Integer(n) = v[0]
            && let Some(root) = n.checked_isqrt()
            && root * root == n
        {
            return Ok(Value::Integer(root));
        }
        Ok(Value::Real(real("sqrt", &v[0])?.sqrt()))
    }),
    plain("exp", 1, 1, |_, v| Ok(Value::Real(real("exp", &v[0])?.exp()))),
    plain("log", 1, 2, |_, v| {
        let log = real("log", &v[0])?.ln();
        Ok(Value::Real(match v.get(1) {
            Some(base) => log / real("log", base)?.ln(),
            None => log,
        }))
    }),
    plain("sin", 1, 1, |_, v| Ok(Value::Real(real("sin", &v[0])?.sin()))),
    plain("cos", 1, 1, |_, v| Ok(Value::Real(real("cos", &v[0])?.cos()))),
    plain("atan", 1, 2, |_, v| {
        let y = real("atan", &v[0])?;
        Ok(Value::Real(match v.get(1) {
            Some(x) => y.atan2(real("atan", x)?),
            None => y.atan(),
        }))
    }),
    plain("number->string", 1, 2, |_, v| {
        let text = match (&v[0], v.get(1)) {
            (Value::Integer(n), None | Some(Value::Integer(10))) => n.to_string(),
            (Value::Integer(n), Some(Value::Integer(radix @ (2 | 8 | 16)))) => {
                let (sign, n) = (if *n < 0 { "-" } else { "" }, n.unsigned_abs());
                match radix {
                    2 => format!("{sign}{n:b}"),
                    8 => format!("{sign}{n:o}"),
                    _ => format!("{sign}{n:x}"),
                }
            }
            (Value::Real(x), None | Some(Value::Integer(10))) => real_text(*x),
            _ => return fail("number->string: wanted a number and a radix", v),
        };
        Ok(Value::text(text.chars()))
    }),
    plain("string->number", 1, 2, |_, v| {
        let Value::Text(text) = &v[0] else { return wanted("string->number", "a string", &v[0]) };
        let text: String = text.characters.borrow().iter().collect();
        let radix = match v.get(1) {
            None => 10,
            Some(Value::Integer(radix @ (2 | 8 | 10 | 16))) => *radix as u32,
            Some(other) => return wanted("string->number", "a radix of 2, 8, 10 or 16", other),
        };
        match read(&text, radix) {
            Some(Ok(number)) => Ok(number),
            _ => Ok(Value::Bool(false)),
        }
    }),
];

/// Whether each number and the next compare as wanted.
fn ordered(name: &str, fits: fn(Ordering) -> bool, v: &[Value]) -> Outcome {
    let mut is_ordered = true;
    if let [only] = v {
        real(name, only)?;
    }
    for two in v.windows(2) {
        is_ordered &= compare(name, &two[0], &two[1])?.is_some_and(fits);
    }
    Ok(Value::Bool(is_ordered))
}

fn sign(name: &str, fits: fn(Ordering) -> bool, value: &Value) -> Outcome {
    Ok(Value::Bool(compare(name, value, &Value::Integer(0))?.is_some_and(fits)))
}

fn is_whole(value: &Value) -> bool {
    match value {
        Value::Integer(_) => true,
        Value::Real(number) => number.fract() == 0.0,
        _ => false,
    }
}

fn integer(name: &str, value: &Value) -> Result<i64, super::condition::Failure> {
    match value {
        Value::Integer(number) => Ok(*number),
        other => wanted(name, "an integer", other),
    }
}

fn parity(name: &str, rest: i64, value: &Value) -> Outcome {
    let Value::Integer(number) = exact(value)? else { unreachable!("`exact` gives integers") };
    if !is_whole(value) {
        return wanted(name, "an integer", value);
    }
    Ok(Value::Bool(number.rem_euclid(2) == rest))
}

/// The greatest or the least. One real among the numbers makes the result real.
fn extreme(name: &str, wanted: Ordering, v: &[Value]) -> Outcome {
    let mut best = v[0].clone();
    real(name, &best)?;
    for value in &v[1..] {
        if compare(name, value, &best)? == Some(wanted) {
            best = value.clone();
        }
    }
    if v.iter().any(|value| matches!(value, Value::Real(_))) {
        best = Value::Real(real(name, &best)?);
    }
    Ok(best)
}

fn rounded(name: &str, round: fn(f64) -> f64, value: &Value) -> Outcome {
    match value {
        Value::Integer(_) => Ok(value.clone()),
        other => Ok(Value::Real(round(real(name, other)?))),
    }
}
