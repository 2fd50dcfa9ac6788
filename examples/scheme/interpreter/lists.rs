//! Pairs, lists, vectors, and what tells values apart.

use super::super::pointer::Gc;
use super::condition::{Outcome, fail};
use super::equal::alike;
use super::primitive::{ANY, Primitive, index, plain, range, wanted};
use super::value::{Pair, Value, Vector, same};

pub(crate) static LISTS: [Primitive; 42] = [
    plain("cons", 2, 2, |_, v| Ok(Value::cons(v[0].clone(), v[1].clone()))),
    plain("car", 1, 1, |_, v| Ok(pair("car", &v[0])?.car.get())),
    plain("cdr", 1, 1, |_, v| Ok(pair("cdr", &v[0])?.cdr.get())),
    plain("caar", 1, 1, |_, v| path("caar", "aa", &v[0])),
    plain("cadr", 1, 1, |_, v| path("cadr", "da", &v[0])),
    plain("cdar", 1, 1, |_, v| path("cdar", "ad", &v[0])),
    plain("cddr", 1, 1, |_, v| path("cddr", "dd", &v[0])),
    plain("caddr", 1, 1, |_, v| path("caddr", "dda", &v[0])),
    plain("cdddr", 1, 1, |_, v| path("cdddr", "ddd", &v[0])),
    plain("cadddr", 1, 1, |_, v| path("cadddr", "ddda", &v[0])),
    plain("set-car!", 2, 2, |_, v| {
        pair("set-car!", &v[0])?.car.set(v[1].clone());
        Ok(Value::Unspecified)
    }),
    plain("set-cdr!", 2, 2, |_, v| {
        pair("set-cdr!", &v[0])?.cdr.set(v[1].clone());
        Ok(Value::Unspecified)
    }),
    plain("list", 0, ANY, |_, v| Ok(Value::list(v.iter().cloned()))),
    plain("cons*", 1, ANY, |_, v| {
        let (last, before) = v.split_last().expect("at least one");
        Ok(Value::list_onto(before.iter().cloned(), last.clone()))
    }),
    plain("make-list", 1, 2, |_, v| {
        let fill = v.get(1).cloned().unwrap_or(Value::Unspecified);
        Ok(Value::list(std::iter::repeat_n(fill, index("make-list", &v[0])?)))
    }),
    plain("length", 1, 1, |_, v| Ok(Value::Integer(items("length", &v[0])?.len() as i64))),
    plain("append", 0, ANY, |_, v| {
        let Some((last, before)) = v.split_last() else { return Ok(Value::Nil) };
        let mut all = last.clone();
        for list in before.iter().rev() {
            all = Value::list_onto(items("append", list)?, all);
        }
        Ok(all)
    }),
    plain("reverse", 1, 1, |_, v| {
        let items = items("reverse", &v[0])?;
        Ok(items.into_iter().fold(Value::Nil, |rest, item| Value::cons(item, rest)))
    }),
    plain("list-copy", 1, 1, |_, v| match v[0].items() {
        Some((items, end)) => Ok(Value::list_onto(items, end)),
        None => wanted("list-copy", "a list that ends", &v[0]),
    }),
    plain("list-tail", 2, 2, |_, v| list_tail("list-tail", &v[0], index("list-tail", &v[1])?)),
    plain("list-ref", 2, 2, |_, v| {
        let tail = list_tail("list-ref", &v[0], index("list-ref", &v[1])?)?;
        Ok(pair("list-ref", &tail)?.car.get())
    }),
    plain("memq", 2, 2, |_, v| member("memq", same, v)),
    plain("memv", 2, 2, |_, v| member("memv", same, v)),
    plain("%member", 2, 2, |_, v| member("member", alike, v)),
    plain("assq", 2, 2, |_, v| association("assq", same, v)),
    plain("assv", 2, 2, |_, v| association("assv", same, v)),
    plain("%assoc", 2, 2, |_, v| association("assoc", alike, v)),
    plain("eq?", 2, 2, |_, v| Ok(Value::Bool(same(&v[0], &v[1])))),
    plain("eqv?", 2, 2, |_, v| Ok(Value::Bool(same(&v[0], &v[1])))),
    plain("equal?", 2, 2, |_, v| Ok(Value::Bool(alike(&v[0], &v[1])))),
    plain("not", 1, 1, |_, v| Ok(Value::Bool(!v[0].is_true()))),
    plain("null?", 1, 1, |_, v| Ok(Value::Bool(v[0].is_nil()))),
    plain("pair?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Pair(_))))),
    plain("list?", 1, 1, |_, v| Ok(Value::Bool(v[0].proper_items().is_some()))),
    plain("boolean?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Bool(_))))),
    plain("vector?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Vector(_))))),
    plain("vector", 0, ANY, |_, v| Ok(Value::vector(v.iter().cloned()))),
    plain("make-vector", 1, 2, |_, v| {
        let fill = v.get(1).cloned().unwrap_or(Value::Unspecified);
        let len = index("make-vector", &v[0])?;
        if len > 1 << 32 {
            return fail("make-vector: too long", &v[..1]);
        }
        Ok(Value::vector(std::iter::repeat_n(fill, len)))
    }),
    plain("vector-length", 1, 1, |_, v| {
        Ok(Value::Integer(vector("vector-length", &v[0])?.items.len() as i64))
    }),
    plain("vector-ref", 2, 2, |_, v| vector_ref(&v[0], &v[1])),
    plain("vector-set!", 3, 3, |_, v| {
        let vector = vector("vector-set!", &v[0])?;
        match vector.items.get(index("vector-set!", &v[1])?) {
            Some(place) => place.set(v[2].clone()),
            None => return fail("vector-set!: there is no such item", &v[1..2]),
        }
        Ok(Value::Unspecified)
    }),
    plain("vector-fill!", 2, 4, |_, v| {
        let vector = vector("vector-fill!", &v[0])?;
        for place in &vector.items[range("vector-fill!", &v[2..], vector.items.len())?] {
            place.set(v[1].clone());
        }
        Ok(Value::Unspecified)
    }),
];

pub(crate) static VECTORS: [Primitive; 5] = [
    plain("vector->list", 1, 3, |_, v| {
        let vector = vector("vector->list", &v[0])?;
        let range = range("vector->list", &v[1..], vector.items.len())?;
        Ok(Value::list(vector.items[range].iter().map(|place| place.get())))
    }),
    plain("list->vector", 1, 1, |_, v| Ok(Value::vector(items("list->vector", &v[0])?))),
    plain("vector-copy", 1, 3, |_, v| {
        let vector = vector("vector-copy", &v[0])?;
        let range = range("vector-copy", &v[1..], vector.items.len())?;
        Ok(Value::vector(vector.items[range].iter().map(|place| place.get())))
    }),
    plain("vector-append", 0, ANY, |_, v| {
        let mut all = Vec::new();
        for part in v {
            all.extend(vector("vector-append", part)?.items.iter().map(|place| place.get()));
        }
        Ok(Value::vector(all))
    }),
    plain("vector-copy!", 3, 5, |_, v| {
        let (to, from) = (vector("vector-copy!", &v[0])?, vector("vector-copy!", &v[2])?);
        let at = index("vector-copy!", &v[1])?;
        // Read before anything is written: the two may be one.
        let range = range("vector-copy!", &v[3..], from.items.len())?;
        let copied: Vec<_> = from.items[range].iter().map(|place| place.get()).collect();
        let Some(places) = to.items.get(at..).filter(|places| places.len() >= copied.len()) else {
            return fail("vector-copy!: out of range", &v[1..2]);
        };
        places.iter().zip(copied).for_each(|(place, value)| place.set(value));
        Ok(Value::Unspecified)
    }),
];

pub(crate) fn vector_ref(vector_value: &Value, n: &Value) -> Outcome {
    if let (Value::Vector(vector), Value::Integer(n)) = (vector_value, n)
        && let Some(place) = usize::try_from(*n).ok().and_then(|n| vector.items.get(n))
    {
        return Ok(place.get());
    }
    vector("vector-ref", vector_value)?;
    fail("vector-ref: there is no such item", std::slice::from_ref(n))
}

fn pair<'a>(name: &str, value: &'a Value) -> Result<&'a Gc<Pair>, super::condition::Failure> {
    value.as_pair().map_or_else(|| wanted(name, "a pair", value), Ok)
}

fn vector<'a>(name: &str, value: &'a Value) -> Result<&'a Gc<Vector>, super::condition::Failure> {
    match value {
        Value::Vector(vector) => Ok(vector),
        other => wanted(name, "a vector", other),
    }
}

/// The items of a proper list.
pub(crate) fn items(name: &str, value: &Value) -> Result<Vec<Value>, super::condition::Failure> {
    value.proper_items().map_or_else(|| wanted(name, "a list", value), Ok)
}

/// Follows `a`s and `d`s.
fn path(name: &str, steps: &str, value: &Value) -> Outcome {
    let mut value = value.clone();
    for step in steps.bytes() {
        let Value::Pair(pair) = &value else { return wanted(name, "a pair", &value) };
        let next = if step == b'a' { pair.car.get() } else { pair.cdr.get() };
        value = next;
    }
    Ok(value)
}

fn list_tail(name: &str, list: &Value, n: usize) -> Outcome {
    let mut rest = list.clone();
    for _ in 0..n {
        let next = pair(name, &rest)?.cdr.get();
        rest = next;
    }
    Ok(rest)
}

/// The part of a list that begins with what is looked for. A circular list in which it is not found would
/// be searched for ever, so the search gives up where it began.
fn member(name: &str, is_it: fn(&Value, &Value) -> bool, v: &[Value]) -> Outcome {
    let mut rest = v[1].clone();
    let mut steps = 0_usize;
    let mut tortoise = rest.clone();
    while let Value::Pair(pair) = &rest {
        if is_it(&v[0], &pair.car.get()) {
            return Ok(rest);
        }
        let next = pair.cdr.get();
        steps += 1;
        rest = next;
        if same(&rest, &tortoise) && !rest.is_nil() {
            return wanted(name, "a list that ends", &v[1]);
        }
        if steps.is_power_of_two() {
            tortoise = rest.clone();
        }
    }
    if rest.is_nil() { Ok(Value::Bool(false)) } else { wanted(name, "a list", &v[1]) }
}

fn association(name: &str, is_it: fn(&Value, &Value) -> bool, v: &[Value]) -> Outcome {
    for item in items(name, &v[1])? {
        if is_it(&v[0], &pair(name, &item)?.car.get()) {
            return Ok(item);
        }
    }
    Ok(Value::Bool(false))
}
