//! A map from numbers to handles that is never changed: a change makes another map, which shares all but
//! the way to the place of the change.
//!
//! It is a Patricia trie (Okasaki and Gill, *Fast Mergeable Integer Maps*): a branch stands for the highest
//! bit in which the keys below it differ. So equal sets of keys have equal shapes, no way is longer than a
//! key has bits, and two maps are compared by following them side by side, past everything that they share.

use gc_core::{Gc, Heap, Trace};

/// A map of one version of the sheet.
#[derive(Trace)]
pub(crate) struct Map<V: 'static> {
    root: Option<Gc<Node<V>>>,
}

/// A piece of a map, shared by all maps that have it.
#[derive(Trace)]
pub(crate) enum Node<V: 'static> {
    Leaf {
        key: u32,
        value: Gc<V>,
    },
    Branch {
        /// What the keys below have in common: their bits above `bit`.
        prefix: u32,
        /// The highest bit in which they differ. Those that do not have it are on the first side.
        bit: u32,
        sides: [Gc<Node<V>>; 2],
    },
}

/// A key in both maps with different values, or in one alone.
pub(crate) struct Change<V: 'static> {
    pub(crate) key: u32,
    /// None: the key is gone.
    pub(crate) new: Option<Gc<V>>,
}

/// The bits of a key above `bit`; all of them, if that is 0.
fn above(key: u32, bit: u32) -> u32 {
    key & !(bit | bit.saturating_sub(1))
}

impl<V> Node<V> {
    /// What the keys have in common, and the bit in which they differ: none for the one key of a leaf.
    fn span(&self) -> (u32, u32) {
        match *self {
            Node::Leaf { key, .. } => (key, 0),
            Node::Branch { prefix, bit, .. } => (prefix, bit),
        }
    }
}

fn side_of(key: u32, bit: u32) -> usize {
    usize::from(key & bit != 0)
}

impl<V: Trace> Map<V> {
    pub(crate) fn new() -> Self {
        Self { root: None }
    }

    /// A map in which `key` has this value, or none.
    pub(crate) fn with(&self, heap: &Heap, key: u32, value: Option<Gc<V>>) -> Self {
        let mut path = Vec::new();
        let mut end = self.root.as_ref();
        while let Some(node) = end
            && let Node::Branch { prefix, bit, sides } = &**node
            && above(key, *bit) == *prefix
        {
            let side = side_of(key, *bit);
            path.push((*prefix, *bit, sides, side));
            end = Some(&sides[side]);
        }
        let leaf = value.map(|value| Gc::new_in(heap, Node::Leaf { key, value }));
        let mut made = match (leaf, end) {
            (Some(leaf), Some(other)) if other.span() != (key, 0) => {
                let prefix = other.span().0;
                let bit = 1 << (key ^ prefix).ilog2();
                let mut sides = [leaf, other.clone()];
                if side_of(key, bit) == 1 {
                    sides.reverse();
                }
                let branch = Node::Branch { prefix: above(key, bit), bit, sides };
                Some(Gc::new_in(heap, branch))
            }
            (Some(leaf), _) => Some(leaf),
            (None, Some(other)) if other.span() != (key, 0) => return self.clone(),
            (None, _) => None,
        };
        for (prefix, bit, old, side) in path.into_iter().rev() {
            made = Some(match made {
                Some(below) => {
                    let mut sides = old.clone();
                    sides[side] = below;
                    Gc::new_in(heap, Node::Branch { prefix, bit, sides })
                }
                // A branch that leads to one side only is none.
                None => old[1 - side].clone(),
            });
        }
        Self { root: made }
    }

    /// The changes that make `new` of this map. What both share is passed over, whatever its size.
    pub(crate) fn changes_to(&self, new: &Self) -> Vec<Change<V>> {
        let mut changes = Vec::new();
        let mut todo = vec![(self.root.as_ref(), new.root.as_ref())];
        while let Some(pair) = todo.pop() {
            let (old, new) = match pair {
                (None, None) => continue,
                (Some(old), Some(new)) if Gc::ptr_eq(old, new) => continue,
                (Some(old), Some(new)) => (old, new),
                (None, Some(new)) => {
                    match &**new {
                        Node::Leaf { key, value } => {
                            changes.push(Change { key: *key, new: Some(value.clone()) });
                        }
                        Node::Branch { sides, .. } => {
                            todo.extend(sides.iter().map(|side| (None, Some(side))));
                        }
                    }
                    continue;
                }
                (Some(old), None) => {
                    match &**old {
                        Node::Leaf { key, .. } => changes.push(Change { key: *key, new: None }),
                        Node::Branch { sides, .. } => {
                            todo.extend(sides.iter().map(|side| (Some(side), None)));
                        }
                    }
                    continue;
                }
            };
            let ((old_prefix, old_bit), (new_prefix, new_bit)) = (old.span(), new.span());
            match (&**old, &**new) {
                (Node::Leaf { key, .. }, Node::Leaf { value, .. }) if old.span() == new.span() => {
                    changes.push(Change { key: *key, new: Some(value.clone()) });
                }
                (Node::Branch { sides: old, .. }, Node::Branch { sides: new, .. })
                    if (old_prefix, old_bit) == (new_prefix, new_bit) =>
                {
                    todo.extend(old.iter().map(Some).zip(new.iter().map(Some)));
                }
                (Node::Branch { sides, .. }, _)
                    if old_bit > new_bit && above(new_prefix, old_bit) == old_prefix =>
                {
                    let side = side_of(new_prefix, old_bit);
                    todo.push((Some(&sides[side]), Some(new)));
                    todo.push((Some(&sides[1 - side]), None));
                }
                (_, Node::Branch { sides, .. })
                    if new_bit > old_bit && above(old_prefix, new_bit) == new_prefix =>
                {
                    let side = side_of(old_prefix, new_bit);
                    todo.push((Some(old), Some(&sides[side])));
                    todo.push((None, Some(&sides[1 - side])));
                }
                _ => todo.extend([(Some(old), None), (None, Some(new))]),
            }
        }
        changes
    }

    /// All pieces of the map.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Gc<Node<V>>> {
        let mut todo: Vec<&Gc<Node<V>>> = self.root.iter().collect();
        std::iter::from_fn(move || {
            let node = todo.pop()?;
            if let Node::Branch { sides, .. } = &**node {
                todo.extend(sides);
            }
            Some(node)
        })
    }
}

impl<V> Clone for Map<V> {
    /// The same map, once more: all of it is shared.
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Numbers that look random, the same in each run.
    fn numbers(mut state: u32) -> impl FnMut(u32) -> u32 {
        move |end| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % end
        }
    }

    fn content(map: &Map<u32>) -> BTreeMap<u32, u32> {
        let leaves = map.nodes().filter_map(|node| match &**node {
            Node::Leaf { key, value } => Some((*key, **value)),
            Node::Branch { .. } => None,
        });
        leaves.collect()
    }

    #[test]
    fn a_map_is_what_a_plain_one_would_be_and_older_ones_stay_as_they_were() {
        let heap = Heap::new();
        let mut random = numbers(1);
        let mut versions = vec![(Map::new(), BTreeMap::new())];
        for round in 0..600 {
            let (map, model) = versions.last().expect("a version");
            let mut model = model.clone();
            let key = random(40) * if random(2) == 0 { 1 } else { 1 << 20 };
            let value = (random(3) > 0).then_some(round);
            match value {
                Some(value) => model.insert(key, value),
                None => model.remove(&key),
            };
            let map = map.with(&heap, key, value.map(|value| Gc::new_in(&heap, value)));
            versions.push((map, model));
        }
        for (map, model) in &versions {
            assert_eq!(content(map), *model);
            // A branch for each leaf but one, whatever the way to it.
            assert_eq!(map.nodes().count(), (2 * model.len()).saturating_sub(1));
        }
        for _ in 0..300 {
            let [old, new] = [(); 2].map(|()| &versions[random(600) as usize]);
            let mut patched = old.1.clone();
            for Change { key, new } in old.0.changes_to(&new.0) {
                match new {
                    Some(value) => patched.insert(key, *value),
                    None => patched.remove(&key),
                };
            }
            assert_eq!(patched, new.1);
        }
        drop(versions);
        assert_eq!(heap.live_count(), 0);
    }

    #[test]
    fn a_change_in_a_thousand_makes_a_dozen_nodes_and_is_found_without_looking_at_the_rest() {
        let heap = Heap::new();
        let mut map = Map::new();
        for key in 0..1024 {
            map = map.with(&heap, key, Some(Gc::new_in(&heap, key)));
        }
        assert_eq!(heap.live_count(), 1024 + 2047);
        let other = map.with(&heap, 500, Some(Gc::new_in(&heap, 0)));
        // The value, the leaf, and the ten branches above it.
        assert_eq!(heap.live_count(), 1024 + 2047 + 12);
        let changes = map.changes_to(&other);
        assert_eq!((changes.len(), changes[0].key, changes[0].new.as_deref()), (1, 500, Some(&0)));
        assert!(map.changes_to(&map.clone()).is_empty());
        drop((changes, other));
        assert_eq!(heap.live_count(), 1024 + 2047);
    }
}
