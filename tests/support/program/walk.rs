//! Walks: what is reached, and what is garbage therefore; the way from one object to another.

use super::model::{CAP, Id, Life, Model, Set, members, one};

impl Model {
    /// All that these lead to, themselves included.
    pub(crate) fn reach(&self, from: Set, within: Set) -> Set {
        let mut reached = 0;
        let mut frontier = from & within;
        while frontier != 0 {
            let id = frontier.trailing_zeros() as Id;
            reached |= one(id);
            frontier |= self.objects[id as usize].targets & within;
            frontier &= !reached;
        }
        reached
    }

    /// The garbage among those in `within`: what nothing reaches that holds them from outside. It is
    /// all the same who that is: a root, an object elsewhere, a cell that cannot be looked into.
    pub(crate) fn garbage_within(&self, within: Set) -> Set {
        let mut held = 0;
        for id in members(self.used) {
            let object = &self.objects[id as usize];
            if within & one(id) == 0 || object.opaque {
                held |= object.targets;
            }
            if object.outside > 0 {
                held |= one(id);
            }
        }
        within & !self.reach(held, within)
    }

    /// Those that a collection of this generation may look at.
    pub(crate) fn judged(&self, heap: usize, age: usize) -> Set {
        members(self.used)
            .filter(|&id| {
                let object = &self.objects[id as usize];
                object.life == Life::Alive
                    && object.heap == heap
                    && object.is_tracked()
                    && !object.frozen
                    && !object.exclusive
                    && object.age <= age
            })
            .fold(0, |set, id| set | one(id))
    }

    /// The holder with this number among those that `root` leads to, nearest first, and the edges that
    /// lead there.
    pub(crate) fn choose(&self, root: Id, number: u8) -> Option<(Id, Path)> {
        if !self.objects[root as usize].is_holder() {
            return None;
        }
        let mut order = [0; CAP];
        let mut came_by = [(0, 0); CAP];
        order[0] = root;
        let (mut len, mut at) = (1, 0);
        let mut seen = one(root);
        while at < len {
            for (edge, &id) in self.objects[order[at] as usize].edges.iter().enumerate() {
                if seen & one(id) == 0 {
                    seen |= one(id);
                    if self.objects[id as usize].is_holder() {
                        came_by[len] = (at, edge);
                        order[len] = id;
                        len += 1;
                    }
                }
            }
            at += 1;
        }
        let mut at = number as usize % len;
        let id = order[at];
        let mut path = Path { edges: [0; CAP], through: 0, from: CAP };
        while at != 0 {
            let (before, edge) = came_by[at];
            path.from -= 1;
            path.edges[path.from] = edge as u8;
            path.through |= one(order[before]);
            at = before;
        }
        Some((id, path))
    }
}

/// The edges that lead from one object to another.
pub(crate) struct Path {
    edges: [u8; CAP],
    from: usize,
    /// Those on the way, the start included.
    pub(crate) through: Set,
}

impl Path {
    pub(crate) fn edges(&self) -> &[u8] {
        &self.edges[self.from..]
    }
}
