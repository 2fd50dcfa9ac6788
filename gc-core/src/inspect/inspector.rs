//! [`Inspector`]: takes down what a value holds, by name, and how much memory it owns.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::labels::{LabelId, Labels, Segment};
use super::mix::MixSet;
use crate::entry::{EntryRef, entries_of};
use crate::ephemeron::Pass;
use crate::object::ObjectRef;
use crate::registry::RegistryRef;
use crate::trace::Tracer;

/// What [`Trace::inspect`](crate::Trace::inspect) tells: each edge with its name, and the memory that
/// a value owns outside its object. Made by the heap alone.
///
/// It stands at one place inside an object. [`field`](Inspector::field), [`index`](Inspector::index)
/// and [`key`](Inspector::key) go one step further, for the part that is there.
pub struct Inspector<'a> {
    record: &'a mut Record,
    /// How long the way to this place is.
    depth: usize,
    /// What the fields of the tuple here are called; empty: as tuples do.
    names: &'static [&'static str],
}

impl<'a> Inspector<'a> {
    /// The field of this name. For an enum the name begins with the variant's: `"Some.0"`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Page(Gc<i32>);
    ///
    /// // SAFETY: reports its one handle; has no `Drop`.
    /// unsafe impl Trace for Page {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         self.0.inspect(inspector.field("number"));
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let page = Gc::new_in(&heap, Page(Gc::new_in(&heap, 5)));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&page).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "number");
    /// ```
    #[must_use = "a part is inspected with it"]
    pub fn field(&mut self, name: &'static str) -> Inspector<'_> {
        let called = name.parse().ok().and_then(|place: usize| self.names.get(place));
        self.step(Segment::Field(called.copied().unwrap_or(name)))
    }

    /// The fields of the tuple that is here have names.
    pub(crate) fn with_names(self, names: &'static [&'static str]) -> Inspector<'a> {
        Inspector { names, ..self }
    }

    /// The element of this number.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Page(Gc<i32>);
    ///
    /// // SAFETY: reports its one handle; has no `Drop`.
    /// unsafe impl Trace for Page {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         self.0.inspect(inspector.index(3));
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let page = Gc::new_in(&heap, Page(Gc::new_in(&heap, 5)));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&page).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "[3]");
    /// ```
    #[must_use = "a part is inspected with it"]
    pub fn index(&mut self, index: usize) -> Inspector<'_> {
        self.step(Segment::Index(index))
    }

    /// The value of this key. Text and numbers are shown, other keys by their `place`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Page(Gc<i32>);
    ///
    /// // SAFETY: reports its one handle; has no `Drop`.
    /// unsafe impl Trace for Page {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         self.0.inspect(inspector.key(&"five", 0));
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let page = Gc::new_in(&heap, Page(Gc::new_in(&heap, 5)));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&page).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "[\"five\"]");
    /// ```
    #[must_use = "a part is inspected with it"]
    pub fn key(&mut self, key: &dyn Any, place: usize) -> Inspector<'_> {
        let segment = key_text(key).map_or(Segment::Entry(place), Segment::Key);
        self.step(segment)
    }

    /// The entry at this place of a map or set.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Page(Gc<i32>);
    ///
    /// // SAFETY: reports its one handle; has no `Drop`.
    /// unsafe impl Trace for Page {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         self.0.inspect(inspector.entry(3));
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let page = Gc::new_in(&heap, Page(Gc::new_in(&heap, 5)));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&page).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "[#3]");
    /// ```
    #[must_use = "a part is inspected with it"]
    pub fn entry(&mut self, place: usize) -> Inspector<'_> {
        self.step(Segment::Entry(place))
    }

    /// The value owns so many bytes outside its object: a buffer's capacity, say.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Page(Gc<i32>);
    ///
    /// // SAFETY: reports its one handle; has no `Drop`.
    /// unsafe impl Trace for Page {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         self.0.inspect(inspector.field("number"));
    ///         inspector.owns(100);
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let page = Gc::new_in(&heap, Page(Gc::new_in(&heap, 5)));
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.find(&page).unwrap().owned_bytes(), 100);
    /// ```
    pub fn owns(&mut self, bytes: usize) {
        self.record.owned = self.record.owned.saturating_add(bytes);
    }

    /// What `trace` reports, without names: `#0`, `#1`, ...
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Page(Gc<i32>);
    ///
    /// // SAFETY: reports its one handle; has no `Drop`.
    /// unsafe impl Trace for Page {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         inspector.unnamed(|tracer| self.trace(tracer));
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let page = Gc::new_in(&heap, Page(Gc::new_in(&heap, 5)));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&page).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "#0");
    /// ```
    pub fn unnamed(&mut self, trace: impl FnOnce(&mut Tracer<'_>)) {
        let mut tracer = Tracer::new(Pass::Inspect);
        trace(&mut tracer);
        if tracer.overflow {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<ObjectRef>());
        }
        let mut places = 0..;
        let mut next = || Segment::Unnamed(places.next().unwrap_or_default());
        for target in tracer.edges {
            self.step(next()).edge(target);
        }
        for registry in tracer.registries {
            self.step(next()).registry(registry);
        }
    }

    /// A handle.
    pub(crate) fn edge(self, target: ObjectRef) {
        self.found(target, false);
    }

    /// A weak handle.
    pub(crate) fn weak_edge(self, target: ObjectRef) {
        self.found(target, true);
    }

    /// The registry of a weak container. What its entries carry is looked at later, so that containers in
    /// that need no stack.
    pub(crate) fn registry(self, registry: RegistryRef) {
        let record = self.record;
        let container = record.label(self.depth);
        let outer = record.entry.map(|entry| {
            record.outer.push(entry);
            u32::try_from(record.outer.len() - 1).expect("fewer entries than 2³²")
        });
        record.known.insert(registry);
        record.registries.push((registry, container, outer));
    }

    fn step(&mut self, segment: Segment) -> Inspector<'_> {
        self.record.path.truncate(self.depth);
        self.record.path.push(Step { segment, label: None });
        Inspector { record: self.record, depth: self.depth + 1, names: &[] }
    }

    fn found(self, target: ObjectRef, is_weak: bool) {
        let label = self.record.label(self.depth);
        let kept = self.record.entry;
        self.record.found.push(Found { target, label, is_weak, kept });
    }
}

impl fmt::Debug for Inspector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspector").finish_non_exhaustive()
    }
}

/// An edge of the object that is being inspected.
pub(crate) struct Found {
    pub(crate) target: ObjectRef,
    pub(crate) label: LabelId,
    pub(crate) is_weak: bool,
    /// Set for what an entry of a weak container carries.
    pub(crate) kept: Option<Kept>,
}

/// An entry of a weak container.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    pub(crate) member: ObjectRef,
    /// The number of the object that has the container, if one has.
    pub(crate) owner: Option<u32>,
    /// Where in the owner the container is.
    pub(crate) container: LabelId,
    /// The entry that carries the container, if one does, by its place in [`Record::outer`].
    pub(crate) outer: Option<u32>,
}

/// A step of the way, and its label once an edge has asked for it: most fields hold no handle.
struct Step {
    segment: Segment,
    label: Option<LabelId>,
}

/// What an inspector writes to.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) labels: Labels,
    /// Where `path` begins: at the object, or at a weak container in it.
    base: LabelId,
    path: Vec<Step>,
    /// Of the present object.
    pub(crate) found: Vec<Found>,
    pub(crate) owned: usize,
    /// The number of the present object, and the entry that is being looked at.
    owner: Option<u32>,
    entry: Option<Kept>,
    /// Weak containers that were found and not looked into yet: where, and what carries them.
    registries: Vec<(RegistryRef, LabelId, Option<u32>)>,
    /// The registries that were found.
    known: MixSet<RegistryRef>,
    /// The entries that carry weak containers. One comes after that which carries its own container.
    pub(crate) outer: Vec<Kept>,
}

impl Record {
    /// Inspects one object, with the weak containers in it: its edges, and the bytes that it owns.
    pub(crate) fn look_at(&mut self, object: ObjectRef, number: u32) {
        self.forget();
        self.owner = Some(number);
        object.inspect(Inspector { record: self, depth: 0, names: &[] });
        self.look_into_containers();
    }

    fn look_into_containers(&mut self) {
        while let Some((registry, container, outer)) = self.registries.pop() {
            self.owned = self.owned.saturating_add(registry.table_bytes());
            let mut places = 0..;
            registry.for_each_entry(|entry| {
                let place = places.next().unwrap_or_default();
                // What is on loan is opaque, as it is to a judgement.
                if !entry.is_lent() {
                    self.look_into(entry, place, container, outer);
                }
            });
        }
    }

    fn look_into(&mut self, entry: EntryRef, place: usize, container: LabelId, outer: Option<u32>) {
        self.path.clear();
        self.base = container;
        self.entry = Some(Kept { member: entry.member(), owner: self.owner, container, outer });
        self.owned = self.owned.saturating_add(entry.bytes());
        entry.inspect(place, Inspector { record: self, depth: 0, names: &[] });
    }

    /// Notes the containers in what those that no object has told of keep for a member, so that they are
    /// not taken for such ones themselves.
    pub(crate) fn note_containers_for(&mut self, member: ObjectRef) {
        for (entry, registry) in self.untold_of(member) {
            let mut tracer = Tracer::new(Pass::Inspect);
            registry.kept_as_it_is(|| entry.trace(&mut tracer));
            self.known.extend(tracer.registries);
        }
    }

    /// Inspects what the containers that no object has told of keep for a member.
    pub(crate) fn look_at_entries_of(&mut self, member: ObjectRef) {
        self.forget();
        for (entry, registry) in self.untold_of(member) {
            registry.kept_as_it_is(|| self.look_into(entry, 0, Labels::ROOT, None));
        }
        self.look_into_containers();
    }

    fn untold_of(&self, member: ObjectRef) -> Vec<(EntryRef, RegistryRef)> {
        let traced = entries_of(member).filter(|entry| entry.is_traced());
        let all = traced.filter_map(|entry| Some((entry, entry.registry()?)));
        all.filter(|(_, registry)| !self.known.contains(registry)).collect()
    }

    /// Nothing is left of an inspection that panicked.
    pub(crate) fn forget(&mut self) {
        self.path.clear();
        self.found.clear();
        self.registries.clear();
        (self.base, self.owned) = (Labels::ROOT, 0);
        (self.owner, self.entry) = (None, None);
    }

    /// The label of the first `depth` steps.
    fn label(&mut self, depth: usize) -> LabelId {
        let path = &mut self.path[..depth];
        let known = path.iter().rposition(|step| step.label.is_some());
        let mut label = known.and_then(|at| path[at].label).unwrap_or(self.base);
        for step in &mut path[known.map_or(0, |at| at + 1)..] {
            label = self.labels.step(label, &step.segment);
            step.label = Some(label);
        }
        label
    }
}

/// A key that is text, in quotes, or a number.
fn key_text(key: &dyn Any) -> Option<Arc<str>> {
    macro_rules! first_of {
        ($($text:ty),+; $($number:ty),+) => {
            $(if let Some(text) = key.downcast_ref::<$text>() {
                return Some(format!("{:?}", &**text as &str).into());
            })+
            $(if let Some(number) = key.downcast_ref::<$number>() {
                return Some(number.to_string().into());
            })+
        };
    }
    first_of!(
        String, &'static str, Box<str>, Cow<'static, str>, Rc<str>, Arc<str>;
        u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, bool
    );
    key.downcast_ref::<char>().map(|char| format!("{char:?}").into())
}
