//! The interpreter: text is read, expanded, compiled to instructions, and run.
//!
//! The files in the order of a program's life. All of them know their pointers by the names in
//! `super::pointer` alone, so that the same source runs over another pointer.

mod reader;
mod scope;
mod syntax_rules;
mod expand;
mod compile;
mod code;
mod machine;

// What programs work on.
mod value;
mod number;
mod equal;
mod print;
mod condition;
mod record;
mod weak;
mod world;

// What is built in.
mod primitive;
mod lists;
mod arithmetic;
mod text;
mod system;

use std::rc::Rc;

use super::pointer::{collect, figures};
use crate::scheme::{Output, Scheme, Stop};
use code::Inline;
use condition::{Failure, Location, Position, describe};
use expand::Expander;
use machine::{Halt, Machine};
use print::written;
use reader::{Places, ReadError, Reader};
use scope::Special;
use value::Value;
use world::World;

/// What is written in Scheme itself.
const PRELUDE: &str = include_str!("prelude.scm");

/// An interpreter with its global variables.
pub(crate) struct Interpreter {
    machine: Machine,
}

impl Interpreter {
    /// An interpreter that writes to `output`, for a program that was started with these arguments.
    pub(crate) fn new(output: Output, arguments: Vec<String>) -> Self {
        let world = World::new(output, arguments);
        for (name, special) in Special::NAMES {
            world.define_special(name, special);
        }
        let tables: [&'static [primitive::Primitive]; 8] = [
            &primitive::CONTROL,
            &lists::LISTS,
            &lists::VECTORS,
            &arithmetic::ARITHMETIC,
            &text::TEXT,
            &record::RECORDS,
            &weak::WEAK,
            &system::SYSTEM,
        ];
        for primitive in tables.into_iter().flatten() {
            world.define(primitive.name, Value::Primitive(primitive));
        }
        for (name, inline) in Inline::NAMES {
            world.global(&world.intern(name)).inline.set(Some(inline));
        }
        let mut interpreter = Self { machine: Machine::new(world) };
        let prelude = interpreter.evaluate("prelude", PRELUDE, Places::Forgotten, |_| {});
        assert_eq!(prelude, Ok(()), "the prelude is a program that works");
        interpreter
    }

    /// Evaluates a text form by form, and shows each result.
    fn evaluate(
        &mut self,
        source: &str,
        text: &str,
        places: Places,
        mut show: impl FnMut(&Value),
    ) -> Result<(), Stop> {
        let source: Rc<str> = source.into();
        let mut reader = Reader::new(text, places);
        loop {
            let read = reader.next(&self.machine.world);
            let Some((form, position)) = read.map_err(|error| unreadable(&source, error))? else {
                return Ok(());
            };
            let mut expander = Expander::new(&self.machine.world, Some(position));
            let code = match self.machine.compile(&form, &mut expander, &source) {
                Ok(code) => code,
                Err(failure) => {
                    let location = expander.position.map(|position| here(&source, position));
                    return Err(stop(&Halt { failure, location }));
                }
            };
            drop(form);
            let result = self.machine.run(code).map_err(|mut halt| {
                // What fails in place of the form itself has no nearer place.
                halt.location.get_or_insert_with(|| here(&source, position));
                stop(&halt)
            });
            show(&result?);
        }
    }
}

impl Scheme for Interpreter {
    fn run(&mut self, source: &str, text: &str) -> Result<(), Stop> {
        let end = self.evaluate(source, text, Places::Kept, |_| {});
        match (end, self.machine.world.flush()) {
            (Ok(()), Err(failure)) => Err(stop(&Halt { failure, location: None })),
            (end, _) => end,
        }
    }

    fn answer(&mut self, typed: &str) -> Result<Vec<String>, Stop> {
        let mut answers = Vec::new();
        let end = self.evaluate("prompt", typed, Places::Kept, |value| {
            if !matches!(value, Value::Unspecified) {
                answers.push(written(value));
            }
        });
        // Whoever cannot write cannot tell either.
        let _ = self.machine.world.flush();
        end.map(|()| answers)
    }

    fn end(self: Box<Self>) -> usize {
        drop(self);
        collect();
        figures().live_objects
    }
}

fn here(source: &Rc<str>, position: Position) -> Location {
    Location { source: source.clone(), position }
}

fn unreadable(source: &Rc<str>, error: ReadError) -> Stop {
    let words = format!("{}: {}", here(source, error.position), error.message);
    if error.is_incomplete { Stop::Incomplete(words) } else { Stop::Error(words) }
}

fn stop(halt: &Halt) -> Stop {
    match &halt.failure {
        Failure::Exit(code) => Stop::Exit(*code),
        Failure::Raise(raised) | Failure::Uncaught(raised) => {
            Stop::Error(describe(raised, halt.location.as_ref()))
        }
    }
}
