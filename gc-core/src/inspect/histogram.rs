//! How many of what, how big; and what has grown.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;

use super::snapshot::{Object, Snapshot, short_type_name};
use crate::settings::Generation;

/// How many objects of each type there are, and how big. From [`Snapshot::histogram`].
#[derive(Clone, Debug)]
pub struct Histogram {
    rows: Vec<HistogramRow>,
}

/// The objects of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistogramRow {
    /// The type's name.
    pub type_name: &'static str,
    /// How many objects.
    pub count: usize,
    /// Bytes of their slots, headers included.
    pub own_bytes: usize,
    /// Bytes that their values own elsewhere, as far as they tell.
    pub owned_bytes: usize,
    /// How many of them in each generation, Young first.
    pub generations: [usize; 3],
    type_id: TypeId,
}

impl HistogramRow {
    /// Bytes of both kinds.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _text = Gc::new_in(&heap, "text".to_owned());
    /// let histogram = heap.snapshot().histogram();
    /// let row = histogram.of::<String>().unwrap();
    /// assert_eq!(row.bytes(), row.own_bytes + 4);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.own_bytes.saturating_add(self.owned_bytes)
    }

    /// How many are in this generation.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let old = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// heap.collect();
    /// let new = Gc::new_in(&heap, old.to_vec());
    /// let histogram = heap.snapshot().histogram();
    /// let row = histogram.of::<Vec<Gc<i32>>>().unwrap();
    /// assert_eq!((row.count_in(Generation::Young), row.count_in(Generation::Old)), (1, 1));
    /// # drop(new);
    /// ```
    #[must_use]
    pub fn count_in(&self, generation: Generation) -> usize {
        self.generations[generation.index()]
    }

    pub(crate) fn type_id(&self) -> TypeId {
        self.type_id
    }

    fn empty(object: Object<'_>) -> Self {
        Self {
            type_name: object.type_name(),
            count: 0,
            own_bytes: 0,
            owned_bytes: 0,
            generations: [0; 3],
            type_id: object.type_id(),
        }
    }

    fn add(&mut self, object: Object<'_>) {
        self.count += 1;
        self.own_bytes += object.own_bytes();
        self.owned_bytes = self.owned_bytes.saturating_add(object.owned_bytes());
        self.generations[object.generation().index()] += 1;
    }
}

impl Histogram {
    /// One row for each type, the one with most bytes first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _five = Gc::new_in(&heap, 5);
    /// let _text = Gc::new_in(&heap, "a".repeat(1000));
    /// let histogram = heap.snapshot().histogram();
    /// let names: Vec<_> = histogram.rows().iter().map(|row| row.type_name).collect();
    /// assert_eq!(names, ["alloc::string::String", "i32"]);
    /// ```
    #[must_use]
    pub fn rows(&self) -> &[HistogramRow] {
        &self.rows
    }

    /// The row of the type `T`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _numbers = [Gc::new_in(&heap, 1), Gc::new_in(&heap, 2)];
    /// let histogram = heap.snapshot().histogram();
    /// assert_eq!(histogram.of::<i32>().unwrap().count, 2);
    /// assert!(histogram.of::<String>().is_none());
    /// ```
    #[must_use]
    pub fn of<T: ?Sized + 'static>(&self) -> Option<&HistogramRow> {
        self.rows.iter().find(|row| row.type_id == TypeId::of::<T>())
    }
}

impl fmt::Display for Histogram {
    /// A table with a line for each type.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>10} {:>14} {:>14}  type", "count", "own bytes", "owned bytes")?;
        for row in &self.rows {
            let name = short_type_name(row.type_name);
            writeln!(f, "{:>10} {:>14} {:>14}  {name}", row.count, row.own_bytes, row.owned_bytes)?;
        }
        Ok(())
    }
}

/// What has changed from one snapshot to a later one. From [`Snapshot::diff`].
#[derive(Clone, Debug)]
pub struct Diff {
    rows: Vec<DiffRow>,
}

/// How much the objects of one type have grown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiffRow {
    /// The type's name.
    pub type_name: &'static str,
    /// Objects more, or fewer.
    pub count: isize,
    /// Bytes of their slots more, or fewer.
    pub own_bytes: isize,
    /// Bytes that their values own elsewhere more, or fewer.
    pub owned_bytes: isize,
    type_id: TypeId,
}

impl DiffRow {
    /// Whether it is the row of the type `T`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let earlier = heap.snapshot();
    /// let _five = Gc::new_in(&heap, 5);
    /// let diff = heap.snapshot().diff(&earlier);
    /// assert!(diff.rows()[0].is_of::<i32>() && !diff.rows()[0].is_of::<u32>());
    /// ```
    #[must_use]
    pub fn is_of<T: ?Sized + 'static>(&self) -> bool {
        self.type_id == TypeId::of::<T>()
    }

    pub(crate) fn type_id(&self) -> TypeId {
        self.type_id
    }
}

impl Diff {
    /// One row for each type that has changed, the one that has grown most first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let earlier = heap.snapshot();
    /// let _five = Gc::new_in(&heap, 5);
    /// let _text = Gc::new_in(&heap, "a".repeat(1000));
    /// let diff = heap.snapshot().diff(&earlier);
    /// let names: Vec<_> = diff.rows().iter().map(|row| row.type_name).collect();
    /// assert_eq!(names, ["alloc::string::String", "i32"]);
    /// ```
    #[must_use]
    pub fn rows(&self) -> &[DiffRow] {
        &self.rows
    }

    /// The row of the type `T`; `None` if nothing has changed.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _text = Gc::new_in(&heap, "text".to_owned());
    /// let earlier = heap.snapshot();
    /// let _numbers = [Gc::new_in(&heap, 1), Gc::new_in(&heap, 2)];
    /// let diff = heap.snapshot().diff(&earlier);
    /// assert_eq!(diff.of::<i32>().unwrap().count, 2);
    /// assert!(diff.of::<String>().is_none());
    /// ```
    #[must_use]
    pub fn of<T: ?Sized + 'static>(&self) -> Option<&DiffRow> {
        self.rows.iter().find(|row| row.is_of::<T>())
    }
}

impl fmt::Display for Diff {
    /// A table with a line for each type that has changed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>10} {:>14} {:>14}  type", "count", "own bytes", "owned bytes")?;
        for row in &self.rows {
            let name = short_type_name(row.type_name);
            let (count, own, owned) = (row.count, row.own_bytes, row.owned_bytes);
            writeln!(f, "{count:>+10} {own:>+14} {owned:>+14}  {name}")?;
        }
        Ok(())
    }
}

impl Snapshot {
    /// How many objects of each type there are, and how big.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _numbers = [Gc::new_in(&heap, 1), Gc::new_in(&heap, 2)];
    /// let _text = Gc::new_in(&heap, "text".to_owned());
    /// let histogram = heap.snapshot().histogram();
    /// assert_eq!(histogram.of::<i32>().unwrap().count, 2);
    /// assert_eq!(histogram.of::<String>().unwrap().owned_bytes, 4);
    /// ```
    #[must_use]
    pub fn histogram(&self) -> Histogram {
        let mut by_kind: Vec<Option<HistogramRow>> = Vec::new();
        for object in self.objects() {
            let kind = object.kind() as usize;
            if by_kind.len() <= kind {
                by_kind.resize(kind + 1, None);
            }
            by_kind[kind].get_or_insert_with(|| HistogramRow::empty(object)).add(object);
        }
        let mut rows: Vec<_> = by_kind.into_iter().flatten().collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.bytes()), row.type_name));
        Histogram { rows }
    }

    /// What has changed by type since `earlier` was taken.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, "text".to_owned());
    /// let earlier = heap.snapshot();
    /// let _numbers = [Gc::new_in(&heap, 1), Gc::new_in(&heap, 2)];
    /// drop(text);
    /// let diff = heap.snapshot().diff(&earlier);
    /// assert_eq!(diff.of::<i32>().unwrap().count, 2);
    /// assert_eq!(diff.of::<String>().unwrap().count, -1);
    /// ```
    #[must_use]
    pub fn diff(&self, earlier: &Snapshot) -> Diff {
        let mut rows: HashMap<TypeId, DiffRow> = HashMap::new();
        for (sign, histogram) in [(-1, earlier.histogram()), (1, self.histogram())] {
            for old in histogram.rows {
                let HistogramRow { type_name, type_id, .. } = old;
                let row = rows.entry(type_id).or_insert(DiffRow {
                    type_name,
                    count: 0,
                    own_bytes: 0,
                    owned_bytes: 0,
                    type_id,
                });
                row.count += sign * old.count.cast_signed();
                row.own_bytes += sign * old.own_bytes.cast_signed();
                row.owned_bytes += sign * isize::try_from(old.owned_bytes).unwrap_or(isize::MAX);
            }
        }
        let changed = |row: &DiffRow| (row.count, row.own_bytes, row.owned_bytes) != (0, 0, 0);
        let mut rows: Vec<_> = rows.into_values().filter(changed).collect();
        rows.sort_by_key(|row| {
            (std::cmp::Reverse(row.own_bytes.saturating_add(row.owned_bytes)), row.type_name)
        });
        Diff { rows }
    }
}
