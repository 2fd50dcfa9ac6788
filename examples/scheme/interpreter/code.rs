//! Instructions, what they refer to, and closures over them.

use std::fmt;
use std::rc::Rc;

use super::super::pointer::{Gc, Trace};
use super::condition::{Location, Position};
use super::value::Value;
use super::world::Global;

/// One step of the machine. Each takes its operands off the stack and leaves its result there.
///
/// Numbers of locals count from the frame's base; of constants, globals and children, in the [`Code`]; of
/// captured variables, in the closure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    Constant(u32),
    Integer(i32),
    Local(u32),
    /// A local that is not boxed, but may not have its value yet.
    LateLocal(u32),
    BoxedLocal(u32),
    Captured(u32),
    BoxedCaptured(u32),
    Global(u32),
    SetLocal(u32),
    SetBoxedLocal(u32),
    SetBoxedCaptured(u32),
    SetGlobal(u32),
    DefineGlobal(u32),
    /// Puts a local into a box.
    Box(u32),
    Closure(u32),
    Pop,
    /// Takes so many from under the topmost.
    Slide(u32),
    Jump(u32),
    JumpIfFalse(u32),
    /// Below so many arguments is what to call.
    Call(u32),
    TailCall(u32),
    Return,
    /// A primitive as an instruction.
    Inline(Inline),
    /// The topmost plus a small number.
    AddInteger(i32),
    /// Compares the two topmost, and goes on elsewhere if it does not hold.
    JumpUnless(Comparison, u32),
    JumpUnlessNull(u32),
    JumpUnlessPair(u32),
    JumpUnlessEq(u32),
}

/// The primitives that are called most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    Car,
    Cdr,
    Cons,
    Add,
    Subtract,
    Multiply,
    Compare(Comparison),
    IsEq,
    Not,
    IsNull,
    IsPair,
    VectorRef,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

impl Inline {
    pub(crate) const NAMES: [(&'static str, Inline); 17] = [
        ("car", Inline::Car),
        ("cdr", Inline::Cdr),
        ("cons", Inline::Cons),
        ("+", Inline::Add),
        ("-", Inline::Subtract),
        ("*", Inline::Multiply),
        ("=", Inline::Compare(Comparison::Equal)),
        ("<", Inline::Compare(Comparison::Less)),
        (">", Inline::Compare(Comparison::Greater)),
        ("<=", Inline::Compare(Comparison::LessOrEqual)),
        (">=", Inline::Compare(Comparison::GreaterOrEqual)),
        ("eq?", Inline::IsEq),
        ("eqv?", Inline::IsEq),
        ("not", Inline::Not),
        ("null?", Inline::IsNull),
        ("pair?", Inline::IsPair),
        ("vector-ref", Inline::VectorRef),
    ];

    /// How many arguments it takes.
    pub(crate) fn arity(self) -> usize {
        match self {
            Inline::Car | Inline::Cdr | Inline::Not | Inline::IsNull | Inline::IsPair => 1,
            _ => 2,
        }
    }
}

impl Comparison {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::Less => "<",
            Comparison::Greater => ">",
            Comparison::LessOrEqual => "<=",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

/// A compiled `lambda`.
#[derive(Trace)]
pub(crate) struct Code {
    pub(crate) name: Rc<str>,
    /// How many arguments it needs, and whether it takes more, as a list.
    pub(crate) required: usize,
    pub(crate) has_rest: bool,
    #[trace(skip)]
    pub(crate) ops: Box<[Op]>,
    pub(crate) constants: Box<[Value]>,
    pub(crate) globals: Box<[Gc<Global>]>,
    /// The `lambda`s inside.
    pub(crate) children: Box<[Gc<Code>]>,
    /// Where a closure of this code gets its variables from, in the frame that makes it.
    #[trace(skip)]
    pub(crate) captures: Box<[Capture]>,
    pub(crate) source: Rc<str>,
    /// Places in the source, by the first instruction for which each holds.
    #[trace(skip)]
    pub(crate) positions: Box<[(u32, Option<Position>)]>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Capture {
    Local(u32),
    Captured(u32),
}

/// A procedure: code, and the values of the variables around it. A variable that changes is captured as its
/// box, so a procedure that refers to itself is a cycle: closure, box, closure.
#[derive(Trace)]
pub(crate) struct Closure {
    pub(crate) code: Gc<Code>,
    pub(crate) captured: Box<[Value]>,
}

impl Code {
    /// Where in the source the instruction comes from.
    pub(crate) fn location(&self, instruction: usize) -> Option<Location> {
        let later = self.positions.partition_point(|&(first, _)| first as usize <= instruction);
        let position = self.positions[..later].last().and_then(|&(_, position)| position)?;
        Some(Location { source: self.source.clone(), position })
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code")
            .field("name", &self.name)
            .field("ops", &self.ops)
            .finish_non_exhaustive()
    }
}
