//! What the program asks of an interpreter, whatever pointer it stands on.

use std::io::Write;
use std::time::Duration;

use crate::args::Pointer;
use crate::{over_gc, over_rc};

/// An interpreter with its global variables.
pub(crate) trait Scheme {
    /// Evaluates a source text, form by form.
    fn run(&mut self, source: &str, text: &str) -> Result<(), Stop>;

    /// Evaluates what was typed, and gives each result that is worth showing.
    fn answer(&mut self, typed: &str) -> Result<Vec<String>, Stop>;

    /// Ends the interpreter, and tells how many objects it has left behind.
    fn end(self: Box<Self>) -> usize;
}

/// Why a program stopped before its end.
#[derive(Debug, PartialEq)]
pub(crate) enum Stop {
    /// The text ends inside a form. At a prompt, more may follow.
    Incomplete(String),
    /// An error, in words with its place.
    Error(String),
    /// `(exit)`, with the code.
    Exit(u8),
}

/// The figures of a heap.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HeapFigures {
    pub(crate) live_objects: usize,
    pub(crate) live_bytes: usize,
    pub(crate) page_bytes: usize,
    pub(crate) collections: usize,
    pub(crate) full_collections: usize,
    pub(crate) collected: usize,
    pub(crate) longest_pause: Option<Duration>,
}

/// Where `display` and the like write.
pub(crate) type Output = Box<dyn Write>;

/// An interpreter over this pointer.
pub(crate) fn over(pointer: Pointer, output: Output, arguments: Vec<String>) -> Box<dyn Scheme> {
    match pointer {
        Pointer::Gc => Box::new(over_gc::interpreter::Interpreter::new(output, arguments)),
        Pointer::Rc => Box::new(over_rc::interpreter::Interpreter::new(output, arguments)),
    }
}
