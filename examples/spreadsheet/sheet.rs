//! A sheet: the cells as they are now, and the versions that it went through.
//!
//! The cells are a graph that changes. The versions are maps from places to entries that never change, and
//! share what they have in common. To go to another version is to compare two maps, to enter what differs,
//! and to compute what depends on it.

use std::collections::{BTreeMap, HashSet};

use gc_core::{Gc, Heap, Slot, Trace, WeakValueMap};

use crate::cell::Cell;
use crate::entry::{Entry, MOST_CELLS, MOST_REFERENCES};
use crate::map::{Change, Map, Node};
use crate::place::{Area, Place};
use crate::recalculate::{Outcome, recalculate};

pub(crate) struct Sheet {
    heap: Heap,
    /// Those with an entry. A blank one is held by those that refer to it.
    filled: BTreeMap<Place, Gc<Cell>>,
    /// All that there are.
    cells: WeakValueMap<Place, Cell>,
    version: Gc<Version>,
    /// How many cells the last change concerned.
    computed: usize,
}

/// A step of the history. Its neighbours and it hold each other, so whoever holds one holds them all.
#[derive(Trace)]
struct Version {
    /// What led to it.
    label: String,
    entries: Map<Entry>,
    before: Slot<Version>,
    after: Slot<Version>,
}

/// What the heap holds of a sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// Cells with an entry, and blank ones that others refer to.
    pub(crate) filled: usize,
    pub(crate) blank: usize,
    pub(crate) versions: usize,
    pub(crate) undo_steps: usize,
    pub(crate) redo_steps: usize,
    /// Pieces of maps, as they are, and as they would be if each version had a map of its own.
    pub(crate) nodes: usize,
    pub(crate) unshared_nodes: usize,
    pub(crate) entries: usize,
    pub(crate) templates: usize,
    pub(crate) computed: usize,
    /// What the heap says.
    pub(crate) live_objects: usize,
    pub(crate) live_bytes: usize,
}

impl Figures {
    /// Objects that the sheet leads to. What the heap has more is garbage that no sweep has found yet.
    pub(crate) fn objects(&self) -> usize {
        self.filled + self.blank + self.versions + self.nodes + self.entries + self.templates
    }
}

impl Sheet {
    pub(crate) fn new(heap: &Heap) -> Self {
        let version = Version {
            label: "the empty sheet".to_owned(),
            entries: Map::new(),
            before: Slot::empty(),
            after: Slot::empty(),
        };
        Self {
            heap: heap.clone(),
            filled: BTreeMap::new(),
            cells: WeakValueMap::new(),
            version: Gc::new_in(heap, version),
            computed: 0,
        }
    }

    /// The cell at a place, unless it is blank and nobody refers to it.
    pub(crate) fn cell(&self, place: Place) -> Option<Gc<Cell>> {
        self.cells.get(&place)
    }

    /// The value at a place, as text.
    pub(crate) fn shown(&self, place: Place) -> String {
        self.cell(place).map_or_else(String::new, |cell| cell.value().to_string())
    }

    /// The smallest area with all cells that have an entry.
    pub(crate) fn extent(&self) -> Option<Area> {
        let mut places = self.filled.keys();
        let first = *places.next()?;
        let wider = |area: Area, &place: &Place| area.with(place);
        Some(places.fold(Area::between(first, first), wider))
    }

    /// The cells with an entry, row by row.
    #[cfg(test)]
    pub(crate) fn filled(&self) -> impl Iterator<Item = &Gc<Cell>> {
        self.filled.values()
    }

    /// Enters what was typed into all cells of an area. References are moved along, from its first cell.
    pub(crate) fn fill(&mut self, area: Area, typed: &str, label: &str) -> Result<Outcome, String> {
        check_size(area)?;
        let first = Entry::read(&self.heap, typed)?;
        let mut entries = Vec::new();
        let mut references = 0;
        for place in area.places() {
            let rows = i64::from(place.row) - i64::from(area.first().row);
            let columns = i64::from(place.column) - i64::from(area.first().column);
            let entry = first.moved(rows, columns)?;
            references += entry.places_count();
            if references > MOST_REFERENCES {
                return Err(format!("a command can make {MOST_REFERENCES} references, not more"));
            }
            entries.push((place, Some(entry)));
        }
        Ok(self.change(entries, label))
    }

    pub(crate) fn clear(&mut self, area: Area, label: &str) -> Result<Outcome, String> {
        check_size(area)?;
        Ok(self.change(area.places().map(|place| (place, None)), label))
    }

    /// Makes a version with these entries, and goes there. What could be redone is let go of.
    fn change(
        &mut self,
        entries: impl IntoIterator<Item = (Place, Option<Entry>)>,
        label: &str,
    ) -> Outcome {
        let mut map = self.version.entries.clone();
        for (place, entry) in entries {
            let entry = entry.map(|entry| Gc::new_in(&self.heap, entry));
            map = map.with(&self.heap, place.key(), entry);
        }
        let version = Version {
            label: label.to_owned(),
            entries: map,
            before: Slot::from(self.version.clone()),
            after: Slot::empty(),
        };
        let version = Gc::new_in(&self.heap, version);
        self.version.after.set(Some(version.clone()));
        self.go_to(version)
    }

    /// Goes one step back, and tells what was undone.
    pub(crate) fn undo(&mut self) -> Option<(String, Outcome)> {
        let undone = self.version.label.clone();
        let before = self.version.before.get()?;
        Some((undone, self.go_to(before)))
    }

    /// Goes one step forward again, and tells what was redone.
    pub(crate) fn redo(&mut self) -> Option<(String, Outcome)> {
        let after = self.version.after.get()?;
        let outcome = self.go_to(after);
        Some((self.version.label.clone(), outcome))
    }

    fn go_to(&mut self, version: Gc<Version>) -> Outcome {
        let changes = self.version.entries.changes_to(&version.entries);
        self.version = version;
        let changed: Vec<Gc<Cell>> = changes.into_iter().map(|change| self.enter(change)).collect();
        let outcome = recalculate(changed);
        self.computed = outcome.computed;
        outcome
    }

    fn enter(&mut self, Change { key, new }: Change<Entry>) -> Gc<Cell> {
        let place = Place::from_key(key);
        let find = |place| {
            self.cells.get_or_insert_with(place, || Gc::new_in(&self.heap, Cell::new(place)))
        };
        let cell = find(place);
        let is_filled = new.is_some();
        Cell::enter(&cell, new, find);
        if is_filled {
            self.filled.insert(place, cell.clone());
        } else {
            self.filled.remove(&place);
        }
        cell
    }

    /// Lets go of all versions but the present one, and tells how many that were.
    ///
    /// No entry of another version is lost that this one has, too. The others hold each other, so it takes a
    /// sweep to free them.
    pub(crate) fn forget(&mut self) -> usize {
        let forgotten = self.versions().count() - 1;
        self.version.before.set(None);
        self.version.after.set(None);
        forgotten
    }

    /// All versions, the oldest first.
    fn versions(&self) -> impl Iterator<Item = Gc<Version>> + use<> {
        let mut first = self.version.clone();
        while let Some(before) = first.before.get() {
            first = before;
        }
        std::iter::successors(Some(first), |version| version.after.get())
    }

    pub(crate) fn figures(&self) -> Figures {
        let versions: Vec<Gc<Version>> = self.versions().collect();
        let at = versions.iter().position(|version| Gc::ptr_eq(version, &self.version));
        let undo_steps = at.expect("the present version is among them");
        let (mut nodes, mut entries, mut templates) =
            <(HashSet<_>, HashSet<_>, HashSet<_>)>::default();
        let mut unshared_nodes = 0;
        for node in versions.iter().flat_map(|version| version.entries.nodes()) {
            unshared_nodes += 1;
            nodes.insert(Gc::as_ptr(node));
            if let Node::Leaf { value, .. } = &**node {
                entries.insert(Gc::as_ptr(value));
                if let Entry::Formula(formula) = &**value {
                    templates.insert(Gc::as_ptr(&formula.template));
                }
            }
        }
        let stats = self.heap.stats();
        Figures {
            filled: self.filled.len(),
            blank: self.cells.len() - self.filled.len(),
            versions: versions.len(),
            undo_steps,
            redo_steps: versions.len() - 1 - undo_steps,
            nodes: nodes.len(),
            unshared_nodes,
            entries: entries.len(),
            templates: templates.len(),
            computed: self.computed,
            live_objects: stats.live_objects,
            live_bytes: stats.live_bytes,
        }
    }
}

fn check_size(area: Area) -> Result<(), String> {
    if area.size() > MOST_CELLS {
        return Err(format!("a command can change {MOST_CELLS} cells, not {}", area.size()));
    }
    Ok(())
}
