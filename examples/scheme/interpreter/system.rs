//! Procedures that reach outside of the program's data: output, errors, time, the heap.

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Instant;

use super::super::pointer::{Gc, collect, figures};
use super::condition::{Condition, Failure, message_and_irritants};
use super::primitive::{ANY, Primitive, plain, wanted};
use super::print::{displayed, written};
use super::value::Value;
use super::world::World;

pub(crate) static SYSTEM: [Primitive; 28] = [
    plain("display", 1, 1, |world, v| world.write(&displayed(&v[0]))),
    plain("write", 1, 1, |world, v| world.write(&written(&v[0]))),
    plain("newline", 0, 0, |world, _| world.write("\n")),
    plain("write-string", 1, 1, |world, v| match &v[0] {
        text @ Value::Text(_) => world.write(&displayed(text)),
        other => wanted("write-string", "a string", other),
    }),
    plain("write-char", 1, 1, |world, v| match &v[0] {
        c @ Value::Char(_) => world.write(&displayed(c)),
        other => wanted("write-char", "a character", other),
    }),
    plain("eof-object", 0, 0, |_, _| Ok(Value::Eof)),
    plain("eof-object?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Eof)))),
    plain("values", 0, ANY, |_, v| Ok(Value::several(v.to_vec()))),
    plain("error", 1, ANY, |_, v| {
        let condition = Condition {
            message: v[0].clone(),
            irritants: Value::list(v[1..].iter().cloned()),
            location: RefCell::new(None),
        };
        Err(Failure::Raise(Value::Condition(Gc::new(condition))))
    }),
    plain("raise", 1, 1, |_, v| Err(Failure::Raise(v[0].clone()))),
    plain("%uncaught", 1, 1, |_, v| Err(Failure::Uncaught(v[0].clone()))),
    plain("error-object?", 1, 1, |_, v| Ok(Value::Bool(matches!(v[0], Value::Condition(_))))),
    plain("error-object-message", 1, 1, |_, v| match &v[0] {
        Value::Condition(condition) => Ok(condition.message.clone()),
        other => wanted("error-object-message", "an error", other),
    }),
    plain("error-object-irritants", 1, 1, |_, v| match &v[0] {
        Value::Condition(condition) => Ok(condition.irritants.clone()),
        other => wanted("error-object-irritants", "an error", other),
    }),
    plain("condition->string", 1, 1, |_, v| match &v[0] {
        Value::Condition(condition) => Ok(Value::text(message_and_irritants(condition).chars())),
        other => Ok(Value::text(written(other).chars())),
    }),
    plain("exit", 0, 1, |_, v| {
        Err(Failure::Exit(match v.first() {
            None | Some(Value::Bool(true)) => 0,
            Some(Value::Integer(code)) => u8::try_from(*code).unwrap_or(u8::MAX),
            Some(_) => 1,
        }))
    }),
    plain("%handlers", 0, 0, |world, _| Ok(world.handlers.get())),
    plain("%set-handlers!", 1, 1, |world, v| {
        world.handlers.set(v[0].clone());
        Ok(Value::Unspecified)
    }),
    plain("%winds", 0, 0, |world, _| Ok(world.winds.get())),
    plain("%set-winds!", 1, 1, |world, v| {
        world.winds.set(v[0].clone());
        Ok(Value::Unspecified)
    }),
    plain("void", 0, ANY, |_, _| Ok(Value::Unspecified)),
    plain("current-jiffy", 0, 0, |_, _| {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        Ok(Value::Integer(i64::try_from(START.elapsed().as_micros()).unwrap_or(i64::MAX)))
    }),
    plain("jiffies-per-second", 0, 0, |_, _| Ok(Value::Integer(1_000_000))),
    plain("command-line", 0, 0, |world, _| {
        Ok(Value::list(world.arguments.iter().map(|argument| Value::text(argument.chars()))))
    }),
    plain("interaction-environment", 0, 0, |_, _| Ok(Value::Unspecified)),
    // How many objects went.
    plain("gc", 0, 0, |_, _| Ok(count(collect()))),
    plain("gc-stats", 0, 0, |world, _| Ok(statistics(world))),
    plain("gc-live-objects", 0, 0, |_, _| Ok(count(figures().live_objects))),
];

fn count(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The figures of the heap, by name.
fn statistics(world: &World) -> Value {
    let figures = figures();
    let pause = figures.longest_pause.unwrap_or_default().as_micros();
    let named = [
        ("live-objects", figures.live_objects),
        ("live-bytes", figures.live_bytes),
        ("page-bytes", figures.page_bytes),
        ("symbols", world.symbol_count()),
        ("collections", figures.collections),
        ("full-collections", figures.full_collections),
        ("collected", figures.collected),
        ("longest-pause-in-microseconds", usize::try_from(pause).unwrap_or(usize::MAX)),
    ];
    Value::list(named.map(|(name, number)| Value::cons(world.symbol(name), count(number))))
}
