//! What names mean at a place of the program.
//!
//! An identifier is a symbol, or an [`Alias`]: a symbol that a macro's template brought in. A binding is
//! found by identity, so what a template binds no symbol of the program refers to; and an alias that nothing
//! binds means what its symbol means where the macro was defined. That is the hygiene of `syntax-rules`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::super::pointer::{Gc, Trace};
use super::syntax_rules::Macro;
use super::value::{Symbol, Value, same};
use super::world::{Global, World};

/// The names that one `lambda`, `let` or body binds, and what is around it.
#[derive(Trace)]
pub(crate) struct Scope {
    bindings: RefCell<Vec<(Value, Binding)>>,
    parent: Option<Gc<Scope>>,
    /// The `lambda` that it lies in, by number.
    pub(crate) function: usize,
}

/// An identifier that a macro's template brought in.
#[derive(Trace)]
pub(crate) struct Alias {
    /// What the template says: a symbol, or an alias, if the macro came from a template itself.
    pub(crate) name: Value,
    /// Where the macro was defined; none outside of everything.
    pub(crate) scope: Option<Gc<Scope>>,
}

#[derive(Trace, Clone)]
pub(crate) enum Binding {
    Local(#[trace(skip)] Rc<Variable>),
    Global(Gc<Global>),
    Macro(Gc<Macro>),
    Special(#[trace(skip)] Special),
}

/// A local variable. What happens to it decides where it lives: see [`Variable::is_boxed`].
#[derive(Debug)]
pub(crate) struct Variable {
    /// The `lambda` that it belongs to, by number.
    pub(crate) function: usize,
    /// `set!` occurs.
    pub(crate) is_assigned: Cell<bool>,
    /// An inner `lambda` uses it.
    pub(crate) is_captured: Cell<bool>,
    /// It is in scope before its value is there: `define` in a body, `letrec`.
    pub(crate) is_late: bool,
    /// Its place on the stack, above the base of its function's frame. Known when it is bound.
    pub(crate) slot: Cell<u32>,
}

impl Variable {
    /// Whether it lives in an object of its own, which closures and continuations share. They copy all others.
    pub(crate) fn is_boxed(&self) -> bool {
        self.is_assigned.get() || (self.is_late && self.is_captured.get())
    }
}

/// A form with a meaning of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Special {
    Quote,
    Quasiquote,
    Lambda,
    NamedLambda,
    Define,
    Set,
    If,
    Begin,
    Let,
    Letrec,
    DefineSyntax,
    LetSyntax,
    SyntaxRules,
    /// Words that mean something in other forms only.
    Else,
    Arrow,
    Unquote,
    UnquoteSplicing,
    Ellipsis,
    Underscore,
}

impl Special {
    pub(crate) const NAMES: [(&'static str, Special); 22] = [
        ("quote", Special::Quote),
        ("quasiquote", Special::Quasiquote),
        ("lambda", Special::Lambda),
        ("named-lambda", Special::NamedLambda),
        ("define", Special::Define),
        ("set!", Special::Set),
        ("if", Special::If),
        ("begin", Special::Begin),
        ("let", Special::Let),
        ("letrec", Special::Letrec),
        ("letrec*", Special::Letrec),
        ("define-syntax", Special::DefineSyntax),
        ("let-syntax", Special::LetSyntax),
        ("letrec-syntax", Special::LetSyntax),
        ("syntax-rules", Special::SyntaxRules),
        ("else", Special::Else),
        ("=>", Special::Arrow),
        ("unquote", Special::Unquote),
        ("unquote-splicing", Special::UnquoteSplicing),
        ("...", Special::Ellipsis),
        ("_", Special::Underscore),
        ("λ", Special::Lambda),
    ];
}

impl Scope {
    pub(crate) fn new(parent: Option<Gc<Scope>>, function: usize) -> Gc<Scope> {
        Gc::new(Scope { bindings: RefCell::default(), parent, function })
    }

    pub(crate) fn bind(&self, identifier: Value, binding: Binding) {
        let mut bindings = self.bindings.borrow_mut();
        match bindings.iter_mut().find(|(bound, _)| same(bound, &identifier)) {
            Some((_, present)) => *present = binding,
            None => bindings.push((identifier, binding)),
        }
    }

    fn get(&self, identifier: &Value) -> Option<Binding> {
        let bindings = self.bindings.borrow();
        let (_, binding) = bindings.iter().rev().find(|(bound, _)| same(bound, identifier))?;
        Some(binding.clone())
    }
}

impl Alias {
    /// The symbol, whatever macros it came through.
    pub(crate) fn symbol(&self) -> Gc<Symbol> {
        let mut name = self.name.clone();
        loop {
            name = match name {
                Value::Symbol(symbol) => return symbol,
                Value::Alias(alias) => alias.name.clone(),
                _ => unreachable!("an alias is made of an identifier"),
            };
        }
    }
}

/// What an identifier means at a place. `None`: it is no identifier.
pub(crate) fn meaning(
    world: &World,
    identifier: &Value,
    scope: Option<&Gc<Scope>>,
) -> Option<Binding> {
    let mut identifier = identifier.clone();
    let mut scope = scope.cloned();
    loop {
        let mut here = scope;
        while let Some(inner) = here {
            if let Some(binding) = inner.get(&identifier) {
                return Some(binding);
            }
            here = inner.parent.clone();
        }
        match identifier {
            Value::Symbol(symbol) => return Some(world.meaning(&symbol)),
            Value::Alias(alias) => {
                identifier = alias.name.clone();
                scope = alias.scope.clone();
            }
            _ => return None,
        }
    }
}

/// `free-identifier=?`: whether two bindings are one.
pub(crate) fn is_same_binding(one: &Binding, other: &Binding) -> bool {
    match (one, other) {
        (Binding::Local(one), Binding::Local(other)) => Rc::ptr_eq(one, other),
        (Binding::Global(one), Binding::Global(other)) => Gc::ptr_eq(one, other),
        (Binding::Macro(one), Binding::Macro(other)) => Gc::ptr_eq(one, other),
        (Binding::Special(one), Binding::Special(other)) => one == other,
        _ => false,
    }
}

/// A datum with symbols in place of aliases: what `quote` gives.
///
/// The datum may be deep, so a look whether there is anything to do needs no stack. A datum in which a
/// template brought something in is as deep as a human wrote it.
pub(crate) fn without_aliases(datum: &Value) -> Value {
    if has_alias(datum) { stripped(datum) } else { datum.clone() }
}

fn has_alias(datum: &Value) -> bool {
    let mut to_look_at = vec![datum.clone()];
    while let Some(datum) = to_look_at.pop() {
        match datum {
            Value::Alias(_) => return true,
            Value::Pair(pair) => to_look_at.extend([pair.cdr.get(), pair.car.get()]),
            Value::Vector(vector) => to_look_at.extend(vector.items.iter().map(|item| item.get())),
            _ => {}
        }
    }
    false
}

fn stripped(datum: &Value) -> Value {
    match datum {
        Value::Alias(alias) => Value::Symbol(alias.symbol()),
        Value::Pair(_) => {
            let (items, end) = datum.items().expect("what is read or expanded has an end");
            Value::list_onto(items.iter().map(without_aliases), stripped(&end))
        }
        Value::Vector(vector) => {
            Value::vector(vector.items.iter().map(|item| without_aliases(&item.get())))
        }
        other => other.clone(),
    }
}
