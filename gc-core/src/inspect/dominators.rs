//! What would be freed with an object: dominators and retained sizes.
//!
//! The algorithm is Lengauer and Tarjan's in the form of Georgiadis and others that is called semi-NCA: semidominators by path compression, then each
//! immediate dominator as the nearest common ancestor of two known ones. Without recursion, and on
//! arrays of numbers alone.

use super::components::Components;
use super::snapshot::{Object, Snapshot};

/// The immediate dominator and the retained size of each object.
///
/// The graph has a root beyond the objects, with an edge to each that is held from outside. Garbage hangs
/// on it, too: by one object of each of its components that no other garbage leads to.
pub(crate) struct Dominators {
    /// [`ROOT`]: only the root.
    dominators: Vec<u32>,
    retained: Vec<usize>,
    /// Garbage that hangs on the root.
    garbage_entries: Vec<u32>,
    is_garbage: Vec<bool>,
}

/// Stands for the root among the numbers of objects.
const ROOT: u32 = u32::MAX;

impl Dominators {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let mut order = Order::of(snapshot);
        for root in 0..snapshot.count() {
            if snapshot.external()[root as usize] > 0 {
                order.descend(root);
            }
        }
        let alive = order.objects.len();
        // Sources first: a component comes after those that it leads to.
        let garbage = Components::of(snapshot, |object| order.number[object as usize] == ROOT);
        let mut garbage_entries = Vec::new();
        for group in garbage.iter().rev() {
            if group.iter().all(|&object| order.number[object as usize] == ROOT) {
                let entry = *group.iter().min().expect("a component has a member");
                garbage_entries.push(entry);
                order.descend(entry);
            }
        }
        let mut is_garbage = vec![true; snapshot.len()];
        order.objects[..alive].iter().for_each(|&object| is_garbage[object as usize] = false);
        let mut is_entry = vec![false; snapshot.len()];
        garbage_entries.iter().for_each(|&entry| is_entry[entry as usize] = true);
        let on_root =
            |object: u32| snapshot.external()[object as usize] > 0 || is_entry[object as usize];
        let immediate = order.immediate_dominators(snapshot, on_root);

        let mut sums: Vec<usize> =
            order.objects.iter().map(|&object| snapshot.object(object).bytes()).collect();
        let mut dominators = vec![ROOT; snapshot.len()];
        let mut retained = vec![0; snapshot.len()];
        for place in (0..order.objects.len()).rev() {
            let object = order.objects[place] as usize;
            retained[object] = sums[place];
            // The root is number 0, the objects begin at 1.
            if let Some(dominator) = (immediate[place + 1] as usize).checked_sub(1) {
                sums[dominator] = sums[dominator].saturating_add(sums[place]);
                dominators[object] = order.objects[dominator];
            }
        }
        Self { dominators, retained, garbage_entries, is_garbage }
    }
}

/// Objects in the order of a walk, depth first. Numbers count from 1; the root has number 0.
struct Order<'s> {
    snapshot: &'s Snapshot,
    objects: Vec<u32>,
    /// Each object's number; [`ROOT`] where the walk has not been.
    number: Vec<u32>,
    /// By number: the number of the one that the walk came from.
    parent: Vec<u32>,
    /// The way from the root: numbers, each with the edges that were not followed yet.
    way: Vec<(u32, std::ops::Range<u32>)>,
}

impl<'s> Order<'s> {
    fn of(snapshot: &'s Snapshot) -> Self {
        let number = vec![ROOT; snapshot.len()];
        Self { snapshot, objects: Vec::new(), number, parent: vec![0], way: Vec::new() }
    }

    /// Walks from an object that hangs on the root.
    fn descend(&mut self, from: u32) {
        self.visit(from, 0);
        let edges = self.snapshot.edges();
        while let Some((parent, rest)) = self.way.last_mut() {
            let parent = *parent;
            match rest.next() {
                Some(edge) => self.visit(edges.target(edge), parent),
                None => drop(self.way.pop()),
            }
        }
    }

    fn visit(&mut self, object: u32, parent: u32) {
        if self.number[object as usize] == ROOT {
            self.objects.push(object);
            self.number[object as usize] =
                u32::try_from(self.objects.len()).expect("fewer than 2³²");
            self.parent.push(parent);
            self.way.push((self.number[object as usize], self.snapshot.edges().of(object)));
        }
    }

    /// By number: the number of the immediate dominator.
    fn immediate_dominators(&self, snapshot: &Snapshot, on_root: impl Fn(u32) -> bool) -> Vec<u32> {
        let incoming = snapshot.incoming();
        let (mut forest, mut way) = (Forest::new(&self.parent), Vec::new());
        let mut semis = vec![0; self.parent.len()];
        for (place, &object) in self.objects.iter().enumerate().rev() {
            let number = self.number[object as usize];
            debug_assert_eq!(number as usize, place + 1);
            let mut semi = self.parent[number as usize];
            if on_root(object) {
                semi = 0;
            }
            for &(from, _) in incoming.edges_to(object) {
                semi = semi.min(forest.lowest(self.number[from as usize], number, &mut way));
            }
            semis[number as usize] = semi;
            forest.0[number as usize].lowest = semi;
        }
        let mut dominators = self.parent.clone();
        for number in 1..dominators.len() {
            let mut dominator = dominators[number];
            while dominator > semis[number] {
                dominator = dominators[dominator as usize];
            }
            dominators[number] = dominator;
        }
        dominators
    }
}

/// The walk's tree by number, as far as its nodes have semidominators, with ways upwards that grow
/// shorter.
struct Forest(Vec<Node>);

#[derive(Clone, Copy)]
struct Node {
    ancestor: u32,
    /// The lowest semidominator on the way to the ancestor, the node's own included. Before it has one,
    /// its number.
    lowest: u32,
}

impl Forest {
    fn new(parents: &[u32]) -> Self {
        Self(parents.iter().zip(0..).map(|(&ancestor, lowest)| Node { ancestor, lowest }).collect())
    }

    /// The lowest semidominator on the way up from `node` among those above `last`, which is the
    /// node that is next to get one. `way` is empty, and keeps its room for the next call.
    fn lowest(&mut self, node: u32, last: u32, way: &mut Vec<u32>) -> u32 {
        if node <= last {
            return node;
        }
        let mut at = node;
        while self.0[at as usize].ancestor > last {
            way.push(at);
            at = self.0[at as usize].ancestor;
        }
        let mut above = self.0[at as usize];
        while let Some(below) = way.pop() {
            let below = &mut self.0[below as usize];
            below.lowest = below.lowest.min(above.lowest);
            below.ancestor = above.ancestor;
            above = *below;
        }
        above.lowest
    }
}

impl Snapshot {
    /// Objects, one of each group of garbage that no other garbage leads to, which together lead to all
    /// garbage.
    pub(crate) fn garbage_entries(&self) -> impl ExactSizeIterator<Item = Object<'_>> {
        self.dominators().garbage_entries.iter().map(|&number| self.object(number))
    }

    /// The objects whose end would free most, the largest first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let small = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// let large = Gc::new_in(&heap, vec![Gc::new_in(&heap, [0_u8; 1000])]);
    /// let snapshot = heap.snapshot();
    /// let top = snapshot.top_retained(2);
    /// assert_eq!(top[0], snapshot.find(&large).unwrap());
    /// assert!(top[0].retained_bytes() > 1000 && top[1].retained_bytes() > 1000);
    /// # drop(small);
    /// ```
    #[must_use]
    pub fn top_retained(&self, n: usize) -> Vec<Object<'_>> {
        self.top_by(n, Object::retained_bytes)
    }

    /// The objects of the largest `size`, the largest first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Object};
    ///
    /// let heap = Heap::new();
    /// let _held = [Gc::new_in(&heap, "a".repeat(10)), Gc::new_in(&heap, "a".repeat(1000))];
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.top_by(1, Object::owned_bytes)[0].owned_bytes(), 1000);
    /// ```
    #[must_use]
    pub fn top_by<'s>(&'s self, n: usize, size: impl Fn(Object<'s>) -> usize) -> Vec<Object<'s>> {
        let mut all: Vec<_> =
            self.objects().map(|o| (std::cmp::Reverse(size(o)), o.number)).collect();
        if n < all.len() {
            all.select_nth_unstable(n);
            all.truncate(n);
        }
        all.sort_unstable();
        all.into_iter().map(|(_, number)| self.object(number)).collect()
    }
}

impl<'s> Object<'s> {
    /// Bytes that would be freed with this object: its own and those of all that it alone keeps alive.
    ///
    /// The first such question about a snapshot computes the answers for all objects.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, [0_u8; 1000])]);
    /// let snapshot = heap.snapshot();
    /// let object = snapshot.find(&list).unwrap();
    /// assert!(object.bytes() < 1000 && object.retained_bytes() > 1000);
    /// ```
    #[must_use]
    pub fn retained_bytes(self) -> usize {
        self.snapshot.dominators().retained[self.number as usize]
    }

    /// The nearest object without which this one would not be reached. `None`: there is none, it is
    /// held from outside, or from several sides.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let leaf = Gc::new_in(&heap, 1);
    /// let fork = Gc::new_in(&heap, (Gc::new_in(&heap, vec![leaf.clone()]), Some(leaf.clone())));
    /// let weak = Gc::downgrade(&leaf);
    /// drop(leaf);
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.find(&weak).unwrap().dominator(), snapshot.find(&fork));
    /// ```
    #[must_use]
    pub fn dominator(self) -> Option<Object<'s>> {
        let dominator = self.snapshot.dominators().dominators[self.number as usize];
        (dominator != ROOT).then(|| self.snapshot.object(dominator))
    }

    /// Whether nothing outside leads to it.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// let weak = Gc::downgrade(&node);
    /// assert!(!heap.snapshot().find(&weak).unwrap().is_garbage());
    /// drop(node);
    /// assert!(heap.snapshot().find(&weak).unwrap().is_garbage());
    /// ```
    #[must_use]
    pub fn is_garbage(self) -> bool {
        self.snapshot.dominators().is_garbage[self.number as usize]
    }
}
