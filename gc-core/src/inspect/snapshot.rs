//! [`Snapshot`]: the picture, and how to read it: objects and edges.

use std::any::TypeId;
use std::cell::OnceCell;
use std::fmt;
#[cfg(feature = "alloc-sites")]
use std::panic::Location;

use super::dominators::Dominators;
use super::labels::{Label, LabelId, Labels};
use super::mix::MixMap;
use super::paths::Incoming;
use super::target::Target;
use crate::any::ObjectId;
use crate::info::Info;
use crate::settings::Generation;

/// A heap at one moment. From [`Heap::snapshot`](crate::Heap::snapshot).
///
/// Objects have numbers, in the order of their addresses; [`Object`] and [`Edge`] are views, to be
/// copied freely.
#[derive(Default)]
pub struct Snapshot {
    entries: Vec<Entry>,
    types: Types,
    labels: Labels,
    edges: Edges,
    weak: Edges,
    /// Handles less edges, for each object.
    external: Vec<usize>,
    incoming: OnceCell<Incoming>,
    dominators: OnceCell<Dominators>,
}

/// What is kept of one object.
pub(crate) struct Entry {
    pub(crate) address: usize,
    /// The number of its type.
    pub(crate) kind: u32,
    pub(crate) generation: Generation,
    pub(crate) is_tracked: bool,
    pub(crate) is_frozen: bool,
    pub(crate) is_opaque: bool,
    pub(crate) strong: usize,
    pub(crate) bytes: usize,
    pub(crate) owned: usize,
    pub(crate) id: Option<ObjectId>,
    #[cfg(feature = "alloc-sites")]
    pub(crate) site: Option<&'static Location<'static>>,
}

/// The types of a snapshot, each once.
#[derive(Default)]
pub(crate) struct Types {
    all: Vec<(TypeId, &'static str)>,
    by_type: MixMap<TypeId, u32>,
    /// A type's table may exist more than once.
    by_table: MixMap<usize, u32>,
}

impl Types {
    pub(crate) fn name_of(&self, number: u32) -> &'static str {
        self.all[number as usize].1
    }

    pub(crate) fn number_of(&mut self, info: &'static Info) -> u32 {
        let Self { all, by_type, by_table } = self;
        *by_table.entry(std::ptr::from_ref(info).addr()).or_insert_with(|| {
            let type_id = (info.type_id)();
            *by_type.entry(type_id).or_insert_with(|| {
                all.push((type_id, (info.type_name)()));
                u32::try_from(all.len() - 1).expect("fewer types than 2³²")
            })
        })
    }
}

/// Edges in the order of the objects that have them.
#[derive(Default)]
pub(crate) struct Edges {
    /// Where each object's edges end.
    ends: Vec<u32>,
    /// Where they lead.
    targets: Vec<u32>,
    labels: Vec<LabelId>,
}

impl Edges {
    /// One edge more of the present object.
    pub(crate) fn push(&mut self, target: u32, label: LabelId) {
        self.targets.push(target);
        self.labels.push(label);
    }

    /// The next object's turn.
    pub(crate) fn end_object(&mut self) {
        self.ends.push(u32::try_from(self.targets.len()).expect("fewer edges than 2³²"));
    }

    /// The numbers of this object's edges.
    pub(crate) fn of(&self, object: u32) -> std::ops::Range<u32> {
        let begin = if object == 0 { 0 } else { self.ends[object as usize - 1] };
        begin..self.ends[object as usize]
    }

    /// Where the edges of this object lead.
    pub(crate) fn targets_of(&self, object: u32) -> &[u32] {
        let range = self.of(object);
        &self.targets[range.start as usize..range.end as usize]
    }

    /// Where all edges lead.
    pub(crate) fn targets(&self) -> &[u32] {
        &self.targets
    }

    pub(crate) fn target(&self, edge: u32) -> u32 {
        self.targets[edge as usize]
    }

    pub(crate) fn label(&self, edge: u32) -> LabelId {
        self.labels[edge as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The object that has this edge.
    fn source(&self, edge: u32) -> u32 {
        let source = self.ends.partition_point(|&end| end <= edge);
        u32::try_from(source).expect("objects have numbers of 32 bits")
    }
}

impl Snapshot {
    pub(crate) fn new(
        entries: Vec<Entry>,
        types: Types,
        labels: Labels,
        edges: Edges,
        weak: Edges,
        external: Vec<usize>,
    ) -> Self {
        let (incoming, dominators) = (OnceCell::new(), OnceCell::new());
        Self { entries, types, labels, edges, weak, external, incoming, dominators }
    }

    /// How many objects there are.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// assert_eq!(heap.snapshot().len(), 2);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no object.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// assert!(heap.snapshot().is_empty());
    /// let _five = Gc::new_in(&heap, 5);
    /// assert!(!heap.snapshot().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many edges there are, weak ones left out.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let _both = Gc::new_in(&heap, (Gc::downgrade(&five), five));
    /// assert_eq!(heap.snapshot().edge_count(), 1);
    /// ```
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Bytes of all objects, with what they own.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, "a".repeat(1000));
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.bytes(), snapshot.find(&text).unwrap().own_bytes() + 1000);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.objects().fold(0, |sum: usize, object| sum.saturating_add(object.bytes()))
    }

    /// Every object.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.objects().len(), 2);
    /// assert!(snapshot.objects().any(|object| object.type_name() == "i32"));
    /// ```
    pub fn objects(&self) -> impl DoubleEndedIterator<Item = Object<'_>> + ExactSizeIterator {
        (0..self.count()).map(|number| self.object(number))
    }

    /// The objects that somebody outside the heap holds, or something that the heap cannot see: handles
    /// on a stack, in a static, in a skipped field.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// assert!(snapshot.held_from_outside().eq(snapshot.find(&list)));
    /// ```
    pub fn held_from_outside(&self) -> impl Iterator<Item = Object<'_>> {
        self.objects().filter(|object| object.external_count() > 0)
    }

    /// The object that a handle, weak or strong, leads to.
    ///
    /// The handle must be one to an object that lived when the snapshot was taken: a later object at
    /// the same place, of the same type, is not told apart.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.find(&five).unwrap().type_name(), "i32");
    /// assert!(snapshot.find(&Gc::new(5)).is_none());
    /// ```
    pub fn find<'s>(&'s self, target: impl Target<'s>) -> Option<Object<'s>> {
        self.found(target).map(|(object, _)| object)
    }

    /// The target, and how many of its handles are the asker's.
    pub(crate) fn found<'s>(&'s self, target: impl Target<'s>) -> Option<(Object<'s>, usize)> {
        target.find_in(self)
    }

    pub(crate) fn at_address(&self, address: usize, type_id: TypeId) -> Option<Object<'_>> {
        let number = self.entries.binary_search_by_key(&address, |entry| entry.address).ok()?;
        let object = self.object(u32::try_from(number).ok()?);
        (object.type_id() == type_id).then_some(object)
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.entries.len()).expect("objects have numbers of 32 bits")
    }

    pub(crate) fn object(&self, number: u32) -> Object<'_> {
        Object { snapshot: self, number }
    }

    pub(crate) fn edges(&self) -> &Edges {
        &self.edges
    }

    pub(crate) fn edge(&self, number: u32) -> Edge<'_> {
        Edge { snapshot: self, number, is_weak: false }
    }

    pub(crate) fn external(&self) -> &[usize] {
        &self.external
    }

    pub(crate) fn incoming(&self) -> &Incoming {
        self.incoming.get_or_init(|| Incoming::of(self))
    }

    pub(crate) fn dominators(&self) -> &Dominators {
        self.dominators.get_or_init(|| Dominators::of(self))
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (objects, edges) = (self.len(), self.edge_count());
        write!(f, "Snapshot({objects} objects, {edges} edges)")
    }
}

/// An object of a snapshot.
#[derive(Clone, Copy)]
pub struct Object<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) number: u32,
}

impl<'s> Object<'s> {
    fn entry(self) -> &'s Entry {
        &self.snapshot.entries[self.number as usize]
    }

    /// Its number in the snapshot, from 0 on, by address.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&list).unwrap();
    /// assert_eq!(snapshot.objects().nth(object.number()), Some(object));
    /// ```
    #[must_use]
    pub fn number(self) -> usize {
        self.number as usize
    }

    /// Its identity, if somebody had asked for it by [`Gc::id`](crate::Gc::id) before.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let (asked, other) = (Gc::new_in(&heap, 5), Gc::new_in(&heap, 6));
    /// let id = Gc::id(&asked);
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.find(&asked).unwrap().id(), Some(id));
    /// assert_eq!(snapshot.find(&other).unwrap().id(), None);
    /// ```
    #[must_use]
    pub fn id(self) -> Option<ObjectId> {
        self.entry().id
    }

    /// Where its header was. Never look there: the object may be gone.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// assert!(snapshot.objects().is_sorted_by_key(|object| object.address()));
    /// ```
    #[must_use]
    pub fn address(self) -> usize {
        self.entry().address
    }

    /// The name of its value's type.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, String::new());
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&text).unwrap();
    /// assert_eq!(object.type_name(), "alloc::string::String");
    /// ```
    #[must_use]
    pub fn type_name(self) -> &'static str {
        self.snapshot.types.name_of(self.entry().kind)
    }

    /// The name of its value's type without modules.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, Some(String::new()));
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&text).unwrap();
    /// assert_eq!(object.short_type_name(), "Option<String>");
    /// ```
    #[must_use]
    pub fn short_type_name(self) -> String {
        short_type_name(self.type_name())
    }

    pub(crate) fn type_id(self) -> TypeId {
        self.snapshot.types.all[self.entry().kind as usize].0
    }

    /// The number of its value's type: dense, for tables.
    pub(crate) fn kind(self) -> u32 {
        self.entry().kind
    }

    /// Bytes of its slot, header included.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, "a".repeat(1000));
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&text).unwrap();
    /// assert!((size_of::<String>()..1000).contains(&object.own_bytes()));
    /// ```
    #[must_use]
    pub fn own_bytes(self) -> usize {
        self.entry().bytes
    }

    /// Bytes that its value owns elsewhere, where [`Trace::inspect`](crate::Trace::inspect) tells it: the
    /// buffers of std's containers and strings, exactly or nearly.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, "a".repeat(1000));
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&text).unwrap();
    /// assert_eq!(object.owned_bytes(), 1000);
    /// ```
    #[must_use]
    pub fn owned_bytes(self) -> usize {
        self.entry().owned
    }

    /// Both together.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let text = Gc::new_in(&heap, "a".repeat(1000));
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&text).unwrap();
    /// assert_eq!(object.bytes(), object.own_bytes() + object.owned_bytes());
    /// ```
    #[must_use]
    pub fn bytes(self) -> usize {
        // A hand-written `inspect` may claim anything.
        self.own_bytes().saturating_add(self.owned_bytes())
    }

    /// The generation that it was in.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// heap.collect();
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&list).unwrap();
    /// assert_eq!(object.generation(), Generation::Old);
    /// ```
    #[must_use]
    pub fn generation(self) -> Generation {
        self.entry().generation
    }

    /// How many handles there were.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone(), five.clone()]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&five).unwrap();
    /// assert_eq!(object.strong_count(), 3);
    /// # drop(list);
    /// ```
    #[must_use]
    pub fn strong_count(self) -> usize {
        self.entry().strong
    }

    /// How many of them were in no object of the snapshot, as far as the heap can see: on stacks, in
    /// statics, in skipped fields and closures, in objects of other heaps.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone(), five.clone()]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&five).unwrap();
    /// assert_eq!(object.external_count(), 1); // the other two are in the list
    /// # drop(list);
    /// ```
    #[must_use]
    pub fn external_count(self) -> usize {
        self.snapshot.external[self.number as usize]
    }

    /// Whether its type may hold handles.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone(), five.clone()]);
    /// let snapshot = heap.snapshot();
    /// assert!(snapshot.find(&list).unwrap().is_tracked());
    /// assert!(!snapshot.find(&five).unwrap().is_tracked());
    /// ```
    #[must_use]
    pub fn is_tracked(self) -> bool {
        self.entry().is_tracked
    }

    /// Whether [`Heap::freeze`](crate::Heap::freeze) had left it out of the generations.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let old = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// heap.freeze();
    /// let new = Gc::new_in(&heap, vec![Gc::new_in(&heap, 6)]);
    /// let snapshot = heap.snapshot();
    /// assert!(snapshot.find(&old).unwrap().is_frozen());
    /// assert!(!snapshot.find(&new).unwrap().is_frozen());
    /// ```
    #[must_use]
    pub fn is_frozen(self) -> bool {
        self.entry().is_frozen
    }

    /// Whether its hand-written `Trace` panicked, so that its edges are not known.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Shy;
    ///
    /// // SAFETY: holds no handle; has no `Drop`.
    /// unsafe impl Trace for Shy {
    ///     fn trace(&self, _: &mut Tracer<'_>) {}
    ///     fn inspect(&self, _: Inspector<'_>) {
    ///         panic!("do not look");
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let (shy, five) = (Gc::new_in(&heap, Shy), Gc::new_in(&heap, 5));
    /// let snapshot = heap.snapshot();
    /// assert!(snapshot.find(&shy).unwrap().is_opaque());
    /// assert!(!snapshot.find(&five).unwrap().is_opaque());
    /// ```
    #[must_use]
    pub fn is_opaque(self) -> bool {
        self.entry().is_opaque
    }

    /// Where in the program's source it was made: the call of [`Gc::new`](crate::Gc::new), `new_in`,
    /// `try_new`, `new_cyclic` or `pin`, of a conversion to a handle (but std's `into` and `collect` stand
    /// for who calls them), of [`Gc::make_mut`](crate::Gc::make_mut) or
    /// [`Gc::deep_clone`](crate::Gc::deep_clone). `None` for what no such call has made.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let site = heap.snapshot().find(&five).unwrap().allocated_at().unwrap();
    /// assert_eq!(site.file(), file!());
    /// ```
    #[cfg(feature = "alloc-sites")]
    #[must_use]
    pub fn allocated_at(self) -> Option<&'static Location<'static>> {
        self.entry().site
    }

    /// The edges that it has, in the order in which its value tells them.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5), Gc::new_in(&heap, 6)]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&list).unwrap();
    /// let labels: Vec<_> = object.edges().map(|edge| edge.label().to_string()).collect();
    /// assert_eq!(labels, ["[0]", "[1]"]);
    /// ```
    pub fn edges(self) -> impl DoubleEndedIterator<Item = Edge<'s>> + ExactSizeIterator {
        let snapshot = self.snapshot;
        snapshot.edges.of(self.number).map(move |number| snapshot.edge(number))
    }

    /// The weak handles that it has to objects of the snapshot.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let weak = Gc::new_in(&heap, vec![Gc::downgrade(&five)]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&weak).unwrap();
    /// assert_eq!((object.edges().len(), object.weak_edges().len()), (0, 1));
    /// assert_eq!(object.weak_edges().next().map(|edge| edge.to()), snapshot.find(&five));
    /// ```
    pub fn weak_edges(self) -> impl DoubleEndedIterator<Item = Edge<'s>> + ExactSizeIterator {
        let snapshot = self.snapshot;
        let numbers = snapshot.weak.of(self.number);
        numbers.map(move |number| Edge { snapshot, number, is_weak: true })
    }

    /// The edges that lead to it.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone()]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&five).unwrap();
    /// assert!(object.referrers().map(|edge| edge.from()).eq(snapshot.find(&list)));
    /// ```
    pub fn referrers(self) -> impl ExactSizeIterator<Item = Edge<'s>> {
        let snapshot = self.snapshot;
        let edges = snapshot.incoming().edges_to(self.number);
        edges.iter().map(move |&(_, number)| snapshot.edge(number))
    }
}

impl PartialEq for Object<'_> {
    /// Whether both are the same object of the same snapshot.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.snapshot, other.snapshot) && self.number == other.number
    }
}

impl Eq for Object<'_> {}

impl fmt::Display for Object<'_> {
    /// The type's short name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.short_type_name())
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.short_type_name(), self.number)
    }
}

/// An edge of a snapshot.
#[derive(Clone, Copy)]
pub struct Edge<'s> {
    snapshot: &'s Snapshot,
    number: u32,
    is_weak: bool,
}

impl<'s> Edge<'s> {
    fn list(self) -> &'s Edges {
        if self.is_weak { &self.snapshot.weak } else { &self.snapshot.edges }
    }

    /// The object that has it.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&list).unwrap().edges().next().unwrap();
    /// assert_eq!(Some(edge.from()), snapshot.find(&list));
    /// ```
    #[must_use]
    pub fn from(self) -> Object<'s> {
        self.snapshot.object(self.list().source(self.number))
    }

    /// The object that it leads to.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&list).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.to().type_name(), "i32");
    /// ```
    #[must_use]
    pub fn to(self) -> Object<'s> {
        self.snapshot.object(self.list().target(self.number))
    }

    /// Where in its object it is.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&list).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "[0]");
    /// ```
    #[must_use]
    pub fn label(self) -> Label<'s> {
        self.snapshot.labels.get(self.list().label(self.number))
    }

    /// Whether it is a weak handle.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let both = Gc::new_in(&heap, (Gc::downgrade(&five), five));
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&both).unwrap();
    /// assert!(object.edges().all(|edge| !edge.is_weak()));
    /// assert!(object.weak_edges().all(|edge| edge.is_weak()));
    /// ```
    #[must_use]
    pub fn is_weak(self) -> bool {
        self.is_weak
    }

    pub(crate) fn number(self) -> u32 {
        self.number
    }
}

impl PartialEq for Edge<'_> {
    /// Whether both are the same edge of the same snapshot.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.snapshot, other.snapshot)
            && (self.number, self.is_weak) == (other.number, other.is_weak)
    }
}

impl Eq for Edge<'_> {}

impl fmt::Display for Edge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", Step(*self), self.to())
    }
}

impl fmt::Debug for Edge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}.{} → {:?}", self.from(), self.label(), self.to())
    }
}

/// An edge without the object that it leads to: `Document.children[3]`.
pub(crate) struct Step<'s>(pub(crate) Edge<'s>);

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = self.0.label().to_string();
        let dot = if label.starts_with(['[', '#']) || label.is_empty() { "" } else { "." };
        write!(f, "{}{dot}{label}", self.0.from())
    }
}

/// A type's name without the modules in it: `Vec<Option<Node>>`.
pub(crate) fn short_type_name(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut word = 0;
    let mut chars = name.chars().peekable();
    while let Some(char) = chars.next() {
        if char == ':' && chars.peek() == Some(&':') {
            chars.next();
            // `<T as X>::Y` keeps what is before.
            short.truncate(word);
        } else {
            short.push(char);
            if !(char.is_alphanumeric() || char == '_' || char == '{' || char == '}') {
                word = short.len();
            }
        }
    }
    short
}
