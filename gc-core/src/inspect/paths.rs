//! Why is this alive? Ways from objects held from outside, shortest first.

use std::collections::VecDeque;
use std::fmt;

use super::snapshot::{Edge, Object, Snapshot, Step};
use super::target::Target;

/// The edges of a snapshot by the objects that they lead to.
pub(crate) struct Incoming {
    /// Where each object's part of `edges` ends.
    ends: Vec<u32>,
    /// The object that has the edge, and the edge.
    edges: Vec<(u32, u32)>,
}

impl Incoming {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let edges = snapshot.edges();
        let mut places = vec![0_u32; snapshot.len()];
        for source in 0..snapshot.count() {
            edges.targets_of(source).iter().for_each(|&target| places[target as usize] += 1);
        }
        let mut begin = 0;
        for place in &mut places {
            (*place, begin) = (begin, begin + *place);
        }
        let (mut sorted, mut number) = (vec![(0, 0); edges.len()], 0);
        for source in 0..snapshot.count() {
            for &target in edges.targets_of(source) {
                let place = &mut places[target as usize];
                sorted[*place as usize] = (source, number);
                *place += 1;
                number += 1;
            }
        }
        // Each place has moved from where its part begins to where it ends.
        Self { ends: places, edges: sorted }
    }

    /// The edges that lead to an object, with the objects that have them.
    pub(crate) fn edges_to(&self, object: u32) -> &[(u32, u32)] {
        let object = object as usize;
        let begin = if object == 0 { 0 } else { self.ends[object - 1] };
        &self.edges[begin as usize..self.ends[object] as usize]
    }
}

/// A way through the heap that keeps an object alive.
///
/// It is displayed as `Document.children[3] → Element.parent → Element`.
#[derive(Clone)]
pub struct Path<'s> {
    root: Object<'s>,
    steps: Vec<Edge<'s>>,
}

impl<'s> Path<'s> {
    /// Where it begins: an object held from outside.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone()]);
    /// let snapshot = heap.snapshot();
    /// let path = snapshot.why_alive(&five).unwrap();
    /// assert_eq!(Some(path.root()), snapshot.find(&list));
    /// ```
    #[must_use]
    pub fn root(&self) -> Object<'s> {
        self.root
    }

    /// Where it ends.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone()]);
    /// let snapshot = heap.snapshot();
    /// let path = snapshot.why_alive(&five).unwrap();
    /// assert_eq!(Some(path.target()), snapshot.find(&five));
    /// # drop(list);
    /// ```
    #[must_use]
    pub fn target(&self) -> Object<'s> {
        self.steps.last().map_or(self.root, |edge| edge.to())
    }

    /// The edges of the way.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone()]);
    /// let snapshot = heap.snapshot();
    /// let path = snapshot.why_alive(&five).unwrap();
    /// assert_eq!(path.steps()[0].label().to_string(), "[0]");
    /// # drop(list);
    /// ```
    #[must_use]
    pub fn steps(&self) -> &[Edge<'s>] {
        &self.steps
    }

    /// How many edges it has. None: the object itself is held from outside.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let list = Gc::new_in(&heap, vec![five.clone()]);
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.why_alive(&five).unwrap().len(), 1);
    /// assert_eq!(snapshot.why_alive(snapshot.find(&list).unwrap()).unwrap().len(), 0);
    /// ```
    #[expect(clippy::len_without_is_empty, reason = "a path without steps is a path")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for edge in &self.steps {
            write!(f, "{} → ", Step(*edge))?;
        }
        write!(f, "{}", self.target())
    }
}

impl fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

impl Snapshot {
    /// Why an object is alive: the shortest way to it from an object that is held from outside, by the
    /// names of fields. `None`: nothing outside leads to it, it is garbage (or not in the snapshot).
    ///
    /// A strong handle as `target` is not itself a reason: the question is what else holds the object.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Element {
    ///     parent: Slot<Element>,
    /// }
    /// #[derive(Trace)]
    /// struct Document {
    ///     children: Vec<Gc<Element>>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let table = Gc::new_in(&heap, Element { parent: Slot::empty() });
    /// let row = Gc::new_in(&heap, Element { parent: Slot::from(table.clone()) });
    /// let document = Gc::new_in(&heap, Document { children: vec![row] });
    ///
    /// let snapshot = heap.snapshot();
    /// let path = snapshot.why_alive(&table).unwrap();
    /// assert_eq!(path.to_string(), "Document.children[0] → Element.parent → Element");
    ///
    /// drop(document);
    /// assert!(heap.snapshot().why_alive(&table).is_none());
    /// ```
    pub fn why_alive<'s>(&'s self, target: impl Target<'s>) -> Option<Path<'s>> {
        self.paths_to(target).next()
    }

    /// The shortest way to an object from each of the objects held from outside that lead to it, nearest
    /// first. They are found as they are asked for.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// let near = Gc::new_in(&heap, vec![five.clone()]);
    /// let far = Gc::new_in(&heap, Some(Gc::new_in(&heap, vec![five.clone()])));
    /// let snapshot = heap.snapshot();
    /// let roots = snapshot.paths_to(&five).map(|path| path.root());
    /// assert!(roots.map(Some).eq([snapshot.find(&near), snapshot.find(&far)]));
    /// ```
    pub fn paths_to<'s>(&'s self, target: impl Target<'s>) -> impl Iterator<Item = Path<'s>> {
        let search = self.found(target).map(|(target, own)| Search::from(target, own));
        search.into_iter().flatten()
    }
}

/// A search against the direction of the edges, breadth first.
struct Search<'s> {
    snapshot: &'s Snapshot,
    target: u32,
    /// Handles to the target that are the asker's.
    own: usize,
    /// The edge by which the way from an object goes on to the target.
    onward: super::mix::MixMap<u32, u32>,
    queue: VecDeque<u32>,
}

impl<'s> Search<'s> {
    fn from(target: Object<'s>, own: usize) -> Self {
        let (snapshot, target) = (target.snapshot, target.number);
        let queue = VecDeque::from([target]);
        Self { snapshot, target, own, onward: Default::default(), queue }
    }

    fn path_from(&self, root: u32) -> Path<'s> {
        let mut steps = Vec::new();
        let mut at = root;
        while at != self.target {
            let edge = self.snapshot.edge(self.onward[&at]);
            steps.push(edge);
            at = edge.to().number;
        }
        Path { root: self.snapshot.object(root), steps }
    }
}

impl<'s> Iterator for Search<'s> {
    type Item = Path<'s>;

    fn next(&mut self) -> Option<Path<'s>> {
        while let Some(object) = self.queue.pop_front() {
            for &(from, edge) in self.snapshot.incoming().edges_to(object) {
                if from != self.target && !self.onward.contains_key(&from) {
                    self.onward.insert(from, edge);
                    self.queue.push_back(from);
                }
            }
            let own = if object == self.target { self.own } else { 0 };
            if self.snapshot.external()[object as usize] > own {
                return Some(self.path_from(object));
            }
        }
        None
    }
}
