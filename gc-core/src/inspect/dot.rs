//! Writes the neighbourhood of an object, or a whole snapshot, as a graph for Graphviz.

use std::collections::VecDeque;
use std::fmt::{self, Write};

use super::mix::MixMap;
use super::snapshot::{Object, Snapshot};
use super::target::Target;

/// A snapshot, or a part of it, as text in the language of Graphviz. From [`Snapshot::dot`] and
/// [`Snapshot::dot_of`]; displaying it writes the graph.
///
/// Objects show their type, their handles and bytes; edges their label. What is held from outside has
/// a thick frame and says by how many handles; garbage is grey; weak handles are dashed; an object
/// with edges that are not drawn ends in "…".
#[must_use = "a drawing is displayed or written"]
pub struct Dot<'s> {
    snapshot: &'s Snapshot,
    start: Option<u32>,
    depth: usize,
    width: usize,
    direction: Direction,
    wanted: Option<Box<dyn Fn(Object<'s>) -> bool + 's>>,
}

/// Which edges are followed from the start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forth,
    Back,
    Both,
}

impl<'s> Dot<'s> {
    /// Objects so many edges away from the start are drawn. Without a limit: all that it leads to.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let inner = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let outer = Gc::new_in(&heap, Some(inner.clone()));
    /// let snapshot = heap.snapshot();
    /// let dot = snapshot.dot_of(&outer).depth(1).to_string();
    /// assert!(dot.contains("\"Vec") && !dot.contains("\"i32"));
    /// ```
    pub fn depth(mut self, edges: usize) -> Self {
        self.depth = edges;
        self
    }

    /// At most so many edges of each object are drawn.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, (0..5).map(|n| Gc::new_in(&heap, n)).collect::<Vec<_>>());
    /// let snapshot = heap.snapshot();
    /// assert!(snapshot.dot_of(&list).width(2).to_string().contains("… 3 more"));
    /// ```
    pub fn width(mut self, edges: usize) -> Self {
        self.width = edges;
        self
    }

    /// Follows the edges that lead to the start, instead of those that lead away from it.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let inner = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let outer = Gc::new_in(&heap, Some(inner.clone()));
    /// let snapshot = heap.snapshot();
    /// let dot = snapshot.dot_of(&inner).referrers().to_string();
    /// assert!(dot.contains("\"Option") && !dot.contains("\"i32"));
    /// # drop(outer);
    /// ```
    pub fn referrers(mut self) -> Self {
        self.direction = Direction::Back;
        self
    }

    /// Follows edges in both directions.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let inner = Gc::new_in(&heap, vec![Gc::new_in(&heap, 5)]);
    /// let outer = Gc::new_in(&heap, Some(inner.clone()));
    /// let snapshot = heap.snapshot();
    /// let dot = snapshot.dot_of(&inner).both_ways().to_string();
    /// assert!(dot.contains("\"Option") && dot.contains("\"i32"));
    /// # drop(outer);
    /// ```
    pub fn both_ways(mut self) -> Self {
        self.direction = Direction::Both;
        self
    }

    /// Draws only such objects, and goes on only from them. The start is always drawn.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let pair = Gc::new_in(&heap, (Gc::new_in(&heap, 1), Gc::new_in(&heap, 'c')));
    /// let snapshot = heap.snapshot();
    /// let dot = snapshot.dot_of(&pair).only(|object| object.type_name() == "i32").to_string();
    /// assert!(dot.contains("i32") && !dot.contains("\"char"));
    /// ```
    pub fn only(mut self, wanted: impl Fn(Object<'s>) -> bool + 's) -> Self {
        self.wanted = Some(Box::new(wanted));
        self
    }

    fn is_wanted(&self, number: u32) -> bool {
        let object = self.snapshot.object(number);
        Some(number) == self.start || self.wanted.as_ref().is_none_or(|wanted| wanted(object))
    }

    /// The objects to draw, nearest first.
    fn chosen(&self) -> Vec<u32> {
        let Some(start) = self.start else {
            return (0..self.snapshot.count()).filter(|&object| self.is_wanted(object)).collect();
        };
        let (mut found, mut distance) = (vec![start], MixMap::from_iter([(start, 0)]));
        let mut queue = VecDeque::from([start]);
        while let Some(object) = queue.pop_front() {
            let next = distance[&object] + 1;
            if next > self.depth {
                break;
            }
            for neighbour in self.neighbours(object) {
                if !distance.contains_key(&neighbour) && self.is_wanted(neighbour) {
                    distance.insert(neighbour, next);
                    found.push(neighbour);
                    queue.push_back(neighbour);
                }
            }
        }
        found
    }

    fn neighbours(&self, number: u32) -> Vec<u32> {
        let (object, mut neighbours) = (self.snapshot.object(number), Vec::new());
        if self.direction != Direction::Back {
            neighbours.extend(object.edges().take(self.width).map(|edge| edge.to().number));
        }
        if self.direction != Direction::Forth {
            neighbours.extend(object.referrers().take(self.width).map(|edge| edge.from().number));
        }
        neighbours
    }

    fn write_object(&self, object: Object<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, handles) = (object.number, object.strong_count());
        let name = Escaped(&object.short_type_name()).to_string();
        let plural = if handles == 1 { "" } else { "s" };
        write!(
            f,
            "  n{number} [label=\"{name}\\n{handles} handle{plural}, {} bytes",
            object.bytes()
        )?;
        let outside = object.external_count();
        if outside > 0 {
            write!(f, "\\n{outside} from outside\", penwidth=3")?;
        } else if object.is_garbage() {
            write!(f, "\\ngarbage\", style=filled, fillcolor=lightgrey")?;
        } else {
            f.write_char('"')?;
        }
        if Some(number) == self.start {
            f.write_str(", color=red")?;
        }
        f.write_str("];\n")
    }
}

impl fmt::Display for Dot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chosen = self.chosen();
        let drawn: MixMap<u32, ()> = chosen.iter().map(|&number| (number, ())).collect();
        f.write_str("digraph heap {\n  node [shape=box, fontname=\"sans-serif\"];\n")?;
        f.write_str("  edge [fontname=\"sans-serif\", fontsize=10];\n")?;
        for &number in &chosen {
            self.write_object(self.snapshot.object(number), f)?;
        }
        for &number in &chosen {
            let object = self.snapshot.object(number);
            let (edges, weak) = (object.edges(), object.weak_edges());
            let mut left_out = edges.len();
            let mut shown = 0;
            for edge in edges.chain(weak) {
                let to = edge.to().number;
                if !drawn.contains_key(&to) || shown == self.width {
                    continue;
                }
                left_out -= usize::from(!edge.is_weak());
                shown += 1;
                let label = edge.label().to_string();
                let style = if edge.is_weak() { ", style=dashed" } else { "" };
                writeln!(f, "  n{number} -> n{to} [label=\"{}\"{style}];", Escaped(&label))?;
            }
            if left_out > 0 {
                writeln!(f, "  m{number} [label=\"… {left_out} more\", shape=plaintext];")?;
                writeln!(f, "  n{number} -> m{number} [style=dotted, arrowhead=none];")?;
            }
        }
        f.write_str("}\n")
    }
}

impl fmt::Debug for Dot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dot").finish_non_exhaustive()
    }
}

/// Text inside the quotes of Graphviz.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '"' | '\\' => write!(f, "\\{char}"),
            '\n' => f.write_str("\\n"),
            other => f.write_char(other),
        })
    }
}

impl Snapshot {
    /// The whole snapshot as a graph for Graphviz.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _pair = Gc::new_in(&heap, (Gc::new_in(&heap, 1), 2));
    /// let dot = heap.snapshot().dot().to_string();
    /// assert!(dot.starts_with("digraph") && dot.contains("-> n"));
    /// ```
    pub fn dot(&self) -> Dot<'_> {
        let (depth, width) = (usize::MAX, usize::MAX);
        Dot { snapshot: self, start: None, depth, width, direction: Direction::Forth, wanted: None }
    }

    /// An object and what it leads to as a graph for Graphviz. (Empty, if the object is not in the
    /// snapshot.)
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let (five, text) = (Gc::new_in(&heap, 5), Gc::new_in(&heap, "text"));
    /// let snapshot = heap.snapshot();
    /// let dot = snapshot.dot_of(&five).to_string();
    /// assert!(dot.contains("\"i32") && !dot.contains("\"&str"));
    /// # drop(text);
    /// ```
    pub fn dot_of<'s>(&'s self, target: impl Target<'s>) -> Dot<'s> {
        match self.find(target) {
            Some(object) => Dot { start: Some(object.number), ..self.dot() },
            None => self.dot().only(|_| false),
        }
    }
}
