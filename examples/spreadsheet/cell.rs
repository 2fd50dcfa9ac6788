//! A cell, which knows whom it refers to and who refers to it, by strong handles both ways.
//!
//! What always holds: links agree. `b` is among the precedents of `a` if and only if `a` is among the
//! dependents of `b`. Both lists are private to this file, and [`Cell::enter`] alone changes them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gc_core::{Gc, Slot, Trace};

use crate::code;
use crate::entry::Entry;
use crate::place::Place;
use crate::value::{Error, Value};

#[derive(Trace)]
pub(crate) struct Cell {
    pub(crate) place: Place,
    entry: Slot<Entry>,
    value: RefCell<Value>,
    /// Those that the entry refers to, in its order, and as often as it does.
    precedents: RefCell<Vec<Gc<Cell>>>,
    /// Those whose entries refer to this cell, each once.
    dependents: RefCell<BTreeMap<Place, Gc<Cell>>>,
}

impl Cell {
    pub(crate) fn new(place: Place) -> Self {
        Self {
            place,
            entry: Slot::empty(),
            value: RefCell::new(Value::Blank),
            precedents: RefCell::default(),
            dependents: RefCell::default(),
        }
    }

    pub(crate) fn entry(&self) -> Option<Gc<Entry>> {
        self.entry.get()
    }

    pub(crate) fn value(&self) -> Value {
        self.value.borrow().clone()
    }

    pub(crate) fn precedents(&self) -> Vec<Gc<Cell>> {
        self.precedents.borrow().clone()
    }

    pub(crate) fn dependents(&self) -> Vec<Gc<Cell>> {
        self.dependents.borrow().values().cloned().collect()
    }

    /// Replaces the entry, and links the cell with those that `find` gives for the entry's places. The value
    /// stays the old one.
    ///
    /// A blank cell that only this one referred to has lost its last handle then, and dies.
    pub(crate) fn enter(
        cell: &Gc<Cell>,
        entry: Option<Gc<Entry>>,
        find: impl FnMut(Place) -> Gc<Cell>,
    ) {
        let new: Vec<Gc<Cell>> = entry.iter().flat_map(|entry| entry.places()).map(find).collect();
        let old = cell.precedents.take();
        for precedent in &old {
            precedent.dependents.borrow_mut().remove(&cell.place);
        }
        for precedent in &new {
            precedent.dependents.borrow_mut().insert(cell.place, cell.clone());
        }
        cell.precedents.replace(new);
        cell.entry.set(entry);
    }

    /// Computes the value from those of the precedents.
    pub(crate) fn compute(&self) {
        let value = match self.entry.get().as_deref() {
            None => Value::Blank,
            Some(Entry::Number(number)) => Value::Number(*number),
            Some(Entry::Text(text)) => Value::Text(text.clone()),
            Some(Entry::Formula(formula)) => code::compute(formula, &self.precedents.borrow()),
        };
        self.value.replace(value);
    }

    /// Gives it the value of those that depend on themselves.
    pub(crate) fn refuse(&self) {
        self.value.replace(Value::Error(Error::Cycle));
    }
}
