//! [`Inspector`]: takes down what a value holds, by name, and how much memory it owns.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::labels::{LabelId, Labels, Segment};
use crate::object::ObjectRef;
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
}

impl Inspector<'_> {
    /// The field of this name. For an enum the name begins with the variant's: `"Some.0"`.
    #[must_use = "a part is inspected with it"]
    pub fn field(&mut self, name: &'static str) -> Inspector<'_> {
        self.step(Segment::Field(name))
    }

    /// The element of this number.
    #[must_use = "a part is inspected with it"]
    pub fn index(&mut self, index: usize) -> Inspector<'_> {
        self.step(Segment::Index(index))
    }

    /// The value of this key. Text and numbers are shown, other keys by their `place`.
    #[must_use = "a part is inspected with it"]
    pub fn key(&mut self, key: &dyn Any, place: usize) -> Inspector<'_> {
        let segment = key_text(key).map_or(Segment::Entry(place), Segment::Key);
        self.step(segment)
    }

    /// The entry at this place of a map or set.
    #[must_use = "a part is inspected with it"]
    pub fn entry(&mut self, place: usize) -> Inspector<'_> {
        self.step(Segment::Entry(place))
    }

    /// The value owns so many bytes outside its object: a buffer's capacity, say.
    pub fn owns(&mut self, bytes: usize) {
        self.record.owned = self.record.owned.saturating_add(bytes);
    }

    /// What `trace` reports, without names: `#0`, `#1`, ...
    pub fn unnamed(&mut self, trace: impl FnOnce(&mut Tracer<'_>)) {
        let (mut edges, mut overflow) = (std::mem::take(&mut self.record.scratch), false);
        trace(&mut Tracer::new(&mut edges, &mut overflow));
        if overflow {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<ObjectRef>());
        }
        for (place, &target) in edges.iter().enumerate() {
            self.step(Segment::Unnamed(place)).edge(target);
        }
        edges.clear();
        self.record.scratch = edges;
    }

    /// A handle.
    pub(crate) fn edge(self, target: ObjectRef) {
        self.found(target, false);
    }

    /// A weak handle.
    pub(crate) fn weak_edge(self, target: ObjectRef) {
        self.found(target, true);
    }

    fn step(&mut self, segment: Segment) -> Inspector<'_> {
        self.record.path.truncate(self.depth);
        self.record.path.push(Step { segment, label: None });
        Inspector { record: self.record, depth: self.depth + 1 }
    }

    fn found(self, target: ObjectRef, is_weak: bool) {
        let label = self.record.label(self.depth);
        self.record.edges.push(Found { target, label, is_weak });
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
    path: Vec<Step>,
    /// Of the present object.
    edges: Vec<Found>,
    owned: usize,
    scratch: Vec<ObjectRef>,
}

impl Record {
    /// Inspects one object: its edges, and the bytes that it owns.
    pub(crate) fn of(&mut self, inspect: impl FnOnce(Inspector<'_>)) -> (&mut Vec<Found>, usize) {
        self.forget();
        inspect(Inspector { record: self, depth: 0 });
        (&mut self.edges, self.owned)
    }

    /// Nothing is left of an inspection that panicked.
    pub(crate) fn forget(&mut self) {
        self.path.clear();
        self.edges.clear();
        self.owned = 0;
    }

    /// The label of the first `depth` steps.
    fn label(&mut self, depth: usize) -> LabelId {
        let path = &mut self.path[..depth];
        let known = path.iter().rposition(|step| step.label.is_some());
        let mut label = known.and_then(|at| path[at].label).unwrap_or(Labels::ROOT);
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
