//! Procedures on strings, characters and symbols.

use std::cell::Ref;

use super::condition::{Failure, Outcome, fail};
use super::lists::items;
use super::primitive::{ANY, Primitive, index, plain, range, wanted};
use super::value::{Value, same};

pub(crate) static TEXT: [Primitive; 39] = [
    plain("string?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Text(_))))),
    plain("char?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Char(_))))),
    plain("symbol?", 1, 1, |_, v| Ok(Value::Bool(v[0].is_identifier()))),
    plain("symbol->string", 1, 1, |_, v| match &v[0] {
        Value::Symbol(symbol) => Ok(Value::text(symbol.name.chars())),
        other => wanted("symbol->string", "a symbol", other),
    }),
    plain("string->symbol", 1, 1, |world, v| {
        let name: String = text("string->symbol", &v[0])?.iter().collect();
        Ok(world.symbol(&name))
    }),
    plain("symbol-append", 0, ANY, |world, v| {
        let mut name = String::new();
        for part in v {
            match part {
                Value::Symbol(symbol) => name.push_str(&symbol.name),
                other => return wanted("symbol-append", "a symbol", other),
            }
        }
        Ok(world.symbol(&name))
    }),
    plain("make-string", 1, 2, |_, v| {
        let fill = v.get(1).map_or(Ok(' '), |fill| character("make-string", fill))?;
        let len = index("make-string", &v[0])?;
        if len > 1 << 32 {
            return fail("make-string: too long", &v[..1]);
        }
        Ok(Value::text(std::iter::repeat_n(fill, len)))
    }),
    plain("string", 0, ANY, |_, v| {
        let characters: Result<Vec<_>, _> = v.iter().map(|c| character("string", c)).collect();
        Ok(Value::text(characters?))
    }),
    plain("string-length", 1, 1, |_, v| {
        Ok(Value::Integer(text("string-length", &v[0])?.len() as i64))
    }),
    plain("string-ref", 2, 2, |_, v| {
        match text("string-ref", &v[0])?.get(index("string-ref", &v[1])?) {
            Some(&c) => Ok(Value::Char(c)),
            None => fail("string-ref: there is no such character", &v[1..2]),
        }
    }),
    plain("string-set!", 3, 3, |_, v| {
        let Value::Text(text) = &v[0] else { return wanted("string-set!", "a string", &v[0]) };
        let c = character("string-set!", &v[2])?;
        match text.characters.borrow_mut().get_mut(index("string-set!", &v[1])?) {
            Some(place) => *place = c,
            None => return fail("string-set!: there is no such character", &v[1..2]),
        }
        Ok(Value::Unspecified)
    }),
    plain("string-append", 0, ANY, |_, v| {
        let mut all = Vec::new();
        for part in v {
            all.extend_from_slice(&text("string-append", part)?);
        }
        Ok(Value::text(all))
    }),
    plain("substring", 2, 3, |_, v| part("substring", v)),
    plain("string-copy", 1, 3, |_, v| part("string-copy", v)),
    plain("string->list", 1, 3, |_, v| {
        let text = text("string->list", &v[0])?;
        let range = range("string->list", &v[1..], text.len())?;
        Ok(Value::list(text[range].iter().map(|&c| Value::Char(c))))
    }),
    plain("list->string", 1, 1, |_, v| {
        let items = items("list->string", &v[0])?;
        let characters: Result<Vec<_>, _> =
            items.iter().map(|c| character("list->string", c)).collect();
        Ok(Value::text(characters?))
    }),
    plain("string->vector", 1, 1, |_, v| {
        Ok(Value::vector(text("string->vector", &v[0])?.iter().map(|&c| Value::Char(c))))
    }),
    plain("string=?", 1, ANY, |_, v| ordered("string=?", |a, b| a == b, v)),
    plain("string<?", 1, ANY, |_, v| ordered("string<?", |a, b| a < b, v)),
    plain("string>?", 1, ANY, |_, v| ordered("string>?", |a, b| a > b, v)),
    plain("string<=?", 1, ANY, |_, v| ordered("string<=?", |a, b| a <= b, v)),
    plain("string>=?", 1, ANY, |_, v| ordered("string>=?", |a, b| a >= b, v)),
    plain("string-upcase", 1, 1, |_, v| {
        let text = text("string-upcase", &v[0])?;
        Ok(Value::text(text.iter().flat_map(|c| c.to_uppercase())))
    }),
    plain("string-downcase", 1, 1, |_, v| {
        let text = text("string-downcase", &v[0])?;
        Ok(Value::text(text.iter().flat_map(|c| c.to_lowercase())))
    }),
    plain("char=?", 1, ANY, |_, v| characters_ordered("char=?", |a, b| a == b, v)),
    plain("char<?", 1, ANY, |_, v| characters_ordered("char<?", |a, b| a < b, v)),
    plain("char>?", 1, ANY, |_, v| characters_ordered("char>?", |a, b| a > b, v)),
    plain("char<=?", 1, ANY, |_, v| characters_ordered("char<=?", |a, b| a <= b, v)),
    plain("char>=?", 1, ANY, |_, v| characters_ordered("char>=?", |a, b| a >= b, v)),
    plain("char->integer", 1, 1, |_, v| {
        Ok(Value::Integer(u32::from(character("char->integer", &v[0])?).into()))
    }),
    plain("integer->char", 1, 1, |_, v| {
        let code = u32::try_from(index("integer->char", &v[0])?).ok();
        match code.and_then(char::from_u32) {
            Some(c) => Ok(Value::Char(c)),
            None => fail("integer->char: there is no such character", v),
        }
    }),
    plain("char-upcase", 1, 1, |_, v| cased("char-upcase", |c| c.to_uppercase().next(), v)),
    plain("char-downcase", 1, 1, |_, v| cased("char-downcase", |c| c.to_lowercase().next(), v)),
    plain("char-alphabetic?", 1, 1, |_, v| is_kind("char-alphabetic?", char::is_alphabetic, v)),
    plain("char-numeric?", 1, 1, |_, v| is_kind("char-numeric?", char::is_numeric, v)),
    plain("char-whitespace?", 1, 1, |_, v| is_kind("char-whitespace?", char::is_whitespace, v)),
    plain("char-upper-case?", 1, 1, |_, v| is_kind("char-upper-case?", char::is_uppercase, v)),
    plain("char-lower-case?", 1, 1, |_, v| is_kind("char-lower-case?", char::is_lowercase, v)),
    plain("symbol=?", 2, ANY, |_, v| {
        Ok(Value::Bool(v.windows(2).all(|two| same(&two[0], &two[1]))))
    }),
];

fn text<'a>(name: &str, value: &'a Value) -> Result<Ref<'a, Vec<char>>, Failure> {
    match value {
        Value::Text(text) => Ok(text.characters.borrow()),
        other => wanted(name, "a string", other),
    }
}

fn character(name: &str, value: &Value) -> Result<char, Failure> {
    match value {
        Value::Char(c) => Ok(*c),
        other => wanted(name, "a character", other),
    }
}

fn part(name: &str, v: &[Value]) -> Outcome {
    let text = text(name, &v[0])?;
    let range = range(name, &v[1..], text.len())?;
    Ok(Value::text(text[range].iter().copied()))
}

fn ordered(name: &str, fits: fn(&[char], &[char]) -> bool, v: &[Value]) -> Outcome {
    let mut is_ordered = true;
    for two in v.windows(2) {
        is_ordered &= fits(&text(name, &two[0])?, &text(name, &two[1])?);
    }
    Ok(Value::Bool(is_ordered))
}

fn characters_ordered(name: &str, fits: fn(char, char) -> bool, v: &[Value]) -> Outcome {
    let mut is_ordered = true;
    for two in v.windows(2) {
        is_ordered &= fits(character(name, &two[0])?, character(name, &two[1])?);
    }
    Ok(Value::Bool(is_ordered))
}

/// Only where the other case is one character, too.
fn cased(name: &str, change: fn(char) -> Option<char>, v: &[Value]) -> Outcome {
    let c = character(name, &v[0])?;
    Ok(Value::Char(change(c).unwrap_or(c)))
}

fn is_kind(name: &str, is_it: fn(char) -> bool, v: &[Value]) -> Outcome {
    Ok(Value::Bool(is_it(character(name, &v[0])?)))
}
