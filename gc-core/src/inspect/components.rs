//! Strongly connected components: who holds whom in circles (Tarjan, without recursion).

use super::snapshot::{Object, Snapshot};

/// Groups of objects, each leading to every other of its group.
pub(crate) struct Components {
    /// Where each group ends in `members`. A group comes after those that it leads to.
    ends: Vec<u32>,
    members: Vec<u32>,
}

impl Components {
    /// The components of the part of the snapshot that `part` chooses; edges out of it are not followed.
    pub(crate) fn of(snapshot: &Snapshot, part: impl Fn(u32) -> bool) -> Self {
        const UNSEEN: u32 = u32::MAX;
        /// In a component already: lower than any number of one that still is on the stack.
        const DONE: u32 = u32::MAX - 1;
        let edges = snapshot.edges();
        let mut components = Self { ends: Vec::new(), members: Vec::new() };
        let mut low = vec![UNSEEN; snapshot.len()];
        // Objects seen and in no component yet; and the way from the start, each with its next edge.
        let (mut open, mut way): (Vec<u32>, Vec<(u32, usize, u32)>) = (Vec::new(), Vec::new());
        let mut seen = 0;
        for start in (0..snapshot.count()).filter(|&start| part(start)) {
            if low[start as usize] != UNSEEN {
                continue;
            }
            way.push((start, 0, seen));
            while let Some((object, next, number)) = way.last_mut() {
                let (object, number) = (*object, *number);
                if *next == 0 && low[object as usize] == UNSEEN {
                    low[object as usize] = number;
                    seen = number + 1;
                    open.push(object);
                }
                if let Some(&target) = edges.targets_of(object).get(*next) {
                    *next += 1;
                    match low[target as usize] {
                        UNSEEN if part(target) => way.push((target, 0, seen)),
                        UNSEEN | DONE => {}
                        other => low[object as usize] = low[object as usize].min(other),
                    }
                    continue;
                }
                way.pop();
                let lowest = low[object as usize];
                if let Some(&(parent, ..)) = way.last() {
                    low[parent as usize] = low[parent as usize].min(lowest);
                }
                if lowest == number {
                    let first = open.iter().rposition(|&other| other == object);
                    let group = open.split_off(first.expect("an open object is on the stack"));
                    group.iter().for_each(|&member| low[member as usize] = DONE);
                    components.members.extend(group);
                    let end = u32::try_from(components.members.len());
                    components.ends.push(end.expect("objects have numbers of 32 bits"));
                }
            }
        }
        components
    }

    /// Each group's objects, first those that lead to no other group.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &[u32]> {
        (0..self.ends.len()).map(|at| {
            let begin = if at == 0 { 0 } else { self.ends[at - 1] };
            &self.members[begin as usize..self.ends[at] as usize]
        })
    }
}

impl Snapshot {
    /// The cycles: groups of objects each of which leads to every other of its group, and single ones
    /// that hold themselves. (Strongly connected components.) Larger groups first.
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
    /// let a = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// let b = Gc::new_in(&heap, Node { next: Slot::from(a.clone()) });
    /// assert!(heap.snapshot().cycles().is_empty());
    /// a.next.set(Some(b.clone()));
    /// assert_eq!(heap.snapshot().cycles()[0].len(), 2);
    /// ```
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<Object<'_>>> {
        let components = Components::of(self, |_| true);
        let groups = components.iter().filter(|group| self.is_cycle(group));
        let mut cycles: Vec<Vec<_>> =
            groups.map(|group| group.iter().map(|&number| self.object(number)).collect()).collect();
        cycles.sort_by_key(|cycle| std::cmp::Reverse(cycle.len()));
        cycles
    }

    /// Whether a component is more than one object that does not hold itself.
    pub(crate) fn is_cycle(&self, component: &[u32]) -> bool {
        match component {
            [one] => self.edges().targets_of(*one).contains(one),
            several => !several.is_empty(),
        }
    }
}
