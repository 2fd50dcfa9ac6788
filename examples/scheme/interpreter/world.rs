//! What all of a program shares: its symbols, its global variables, and where it writes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Write};

use super::super::pointer::{Gc, Interner, Trace, WeakKeyMap};
use super::code::Inline;
use super::condition::{Failure, Outcome, Position, fail};
use super::scope::{Binding, Special};
use super::value::{Pair, Place, Symbol, Value};
use crate::scheme::Output;

pub(crate) struct World {
    symbols: Interner<Symbol>,
    globals: RefCell<HashMap<Gc<Symbol>, Binding>>,
    /// Where each pair of the source has its item. A place goes with its pair, so the source of a program
    /// that is compiled keeps nothing.
    pub(crate) positions: WeakKeyMap<Pair, Position>,
    /// The handlers of exceptions, the innermost first.
    pub(crate) handlers: Place,
    /// What `dynamic-wind` is inside of, the innermost first: pairs of a before and an after.
    pub(crate) winds: Place,
    pub(crate) arguments: Vec<String>,
    output: RefCell<Output>,
}

/// A global variable.
#[derive(Trace)]
pub(crate) struct Global {
    pub(crate) name: Gc<Symbol>,
    pub(crate) value: Place,
    /// The instruction that calls of this variable are compiled to, as long as it is the primitive that it
    /// was at first.
    #[trace(skip)]
    pub(crate) inline: Cell<Option<Inline>>,
}

impl World {
    pub(crate) fn new(output: Output, arguments: Vec<String>) -> Self {
        Self {
            symbols: Interner::new(),
            globals: RefCell::default(),
            positions: WeakKeyMap::new(),
            handlers: Place::new(Value::Nil),
            winds: Place::new(Value::Nil),
            arguments,
            output: RefCell::new(output),
        }
    }

    /// The symbol of this name: the one that there is, if anyone holds it.
    pub(crate) fn intern(&self, name: &str) -> Gc<Symbol> {
        self.symbols.intern_with(name, |name| Gc::new(Symbol { name: name.into() }))
    }

    pub(crate) fn symbol(&self, name: &str) -> Value {
        Value::Symbol(self.intern(name))
    }

    /// How many symbols are alive.
    pub(crate) fn symbol_count(&self) -> usize {
        self.symbols.len()
    }

    pub(crate) fn position(&self, pair: &Gc<Pair>) -> Option<Position> {
        self.positions.get(pair).map(|position| *position)
    }

    /// What a name means where nothing local hides it. A name of which nobody has heard is a variable
    /// without a value.
    pub(crate) fn meaning(&self, name: &Gc<Symbol>) -> Binding {
        let mut globals = self.globals.borrow_mut();
        if let Some(binding) = globals.get(name) {
            return binding.clone();
        }
        let binding = Binding::Global(new_global(name));
        globals.insert(name.clone(), binding.clone());
        binding
    }

    /// The global variable of this name, which stops being syntax if it was.
    pub(crate) fn global(&self, name: &Gc<Symbol>) -> Gc<Global> {
        if let Binding::Global(global) = self.meaning(name) {
            return global;
        }
        let global = new_global(name);
        self.globals.borrow_mut().insert(name.clone(), Binding::Global(global.clone()));
        global
    }

    pub(crate) fn define(&self, name: &str, value: Value) -> Gc<Global> {
        let global = self.global(&self.intern(name));
        global.value.set(value);
        global
    }

    pub(crate) fn define_syntax(&self, name: &Gc<Symbol>, syntax: Binding) {
        self.globals.borrow_mut().insert(name.clone(), syntax);
    }

    pub(crate) fn define_special(&self, name: &str, special: Special) {
        self.define_syntax(&self.intern(name), Binding::Special(special));
    }

    /// Writes to the program's output.
    pub(crate) fn write(&self, text: &str) -> Outcome {
        let written = self.output.borrow_mut().write_all(text.as_bytes());
        written.map_or_else(unwritable, |()| Ok(Value::Unspecified))
    }

    pub(crate) fn flush(&self) -> Outcome {
        let flushed = self.output.borrow_mut().flush();
        flushed.map_or_else(unwritable, |()| Ok(Value::Unspecified))
    }
}

fn unwritable(error: io::Error) -> Outcome {
    // Whoever reads the other end of the pipe has seen enough.
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Err(Failure::Exit(0));
    }
    fail(&format!("cannot write: {error}"), &[])
}

fn new_global(name: &Gc<Symbol>) -> Gc<Global> {
    Gc::new(Global {
        name: name.clone(),
        value: Place::new(Value::Undefined),
        inline: Cell::new(None),
    })
}
