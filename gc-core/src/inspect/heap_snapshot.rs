//! Writes a snapshot as the `.heapsnapshot` file that the Memory tab of Chrome DevTools loads.
//!
//! One object of JSON in a fixed order of keys, mostly flat arrays of numbers: seven for each node,
//! three for each edge, and the strings at the end. The reader takes digits for numbers and
//! nothing else. Every node must be reachable from the first one.

use std::collections::HashMap;
use std::io::{self, Write};

use super::labels::Segment;
use super::snapshot::{Edge, Object, Snapshot};
use super::text::write_string;

/// What stands before the nodes. The fields, types and their order are V8's.
const META: &str = concat!(
    r#"{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],"#,
    r#""node_types":[["hidden","array","string","object","code","closure","regexp","number","#,
    r#""native","synthetic","concatenated string","sliced string","symbol","bigint"],"#,
    r#""string","number","number","number","number","number"],"#,
    r#""edge_fields":["type","name_or_index","to_node"],"#,
    r#""edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"#,
    r#""string_or_number","node"],"#,
    r#""trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],"#,
    r#""trace_node_fields":["id","function_info_index","count","size","children"],"#,
    r#""sample_fields":["timestamp_us","last_assigned_id"],"#,
    r#""location_fields":["object_index","script_id","line","column"]}"#
);

/// Numbers for each node.
const NODE_FIELDS: usize = 7;

/// Types of nodes, by their places in `node_types`.
const OBJECT: usize = 3;
const SYNTHETIC: usize = 9;
/// Types of edges, by their places in `edge_types`.
const ELEMENT: usize = 1;
const PROPERTY: usize = 2;
const INTERNAL: usize = 3;
const WEAK: usize = 6;

/// The nodes that stand before the objects: the root, what is held from outside, garbage.
const ROOT: usize = 0;
const HELD: usize = 1;
const GARBAGE: usize = 2;
const FIRST_OBJECT: usize = 3;

impl Snapshot {
    /// Writes a `.heapsnapshot` file, as the Memory tab of Chrome DevTools loads it, with its views of
    /// types, growth, containment and retainers.
    ///
    /// What is held from outside hangs on "(GC roots)", by an edge that says how many handles there
    /// are; garbage on "(garbage awaiting collection)". Sizes are [`Object::bytes`], and the retained
    /// sizes that DevTools computes are [`Object::retained_bytes`]. The comparison of two files
    /// finds again the objects that have an identity ([`Gc::id`](crate::Gc::id)). Buffer the writer.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _held = Gc::new_in(&heap, 1);
    /// let mut file = Vec::new();
    /// heap.snapshot().write_heapsnapshot(&mut file)?;
    /// assert!(file.starts_with(br#"{"snapshot":"#));
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The writer's.
    pub fn write_heapsnapshot(&self, out: impl Write) -> io::Result<()> {
        let held: Vec<_> = self.held_from_outside().collect();
        let garbage: Vec<_> = self.garbage_entries().collect();
        let mut file = File { out, strings: Strings::default() };
        file.write_all_of(self, &held, &garbage)
    }
}

struct File<W> {
    out: W,
    strings: Strings,
}

/// The strings of the file, each once.
#[derive(Default)]
struct Strings {
    all: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Strings {
    fn number_of(&mut self, text: &str) -> usize {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        self.all.push(text.to_owned());
        self.numbers.insert(text.to_owned(), self.all.len() - 1);
        self.all.len() - 1
    }
}

impl<W: Write> File<W> {
    fn write_all_of(
        &mut self,
        snapshot: &Snapshot,
        held: &[Object<'_>],
        garbage: &[Object<'_>],
    ) -> io::Result<()> {
        let weak: usize = snapshot.objects().map(|object| object.weak_edges().len()).sum();
        let nodes = FIRST_OBJECT + snapshot.len();
        let edges = 2 + held.len() + garbage.len() + snapshot.edge_count() + weak;
        write!(
            self.out,
            "{{\"snapshot\":{{\"meta\":{META},\"node_count\":{nodes},\"edge_count\":{edges},\
             \"trace_function_count\":0}},\n\"nodes\":["
        )?;
        self.node(SYNTHETIC, "", 1, 0, 2)?;
        self.node(SYNTHETIC, "(GC roots)", 3, 0, held.len())?;
        self.node(SYNTHETIC, "(garbage awaiting collection)", 5, 0, garbage.len())?;
        for object in snapshot.objects() {
            // Names that begin with `<` are cut at the first space, as tags of elements.
            let name = object.type_name();
            let name = name.strip_prefix('<').unwrap_or(name);
            let edges = object.edges().len() + object.weak_edges().len();
            self.node(OBJECT, name, node_id(object), object.bytes(), edges)?;
        }
        self.out.write_all(b"],\n\"edges\":[")?;
        self.edge(ROOT, ELEMENT, 1, HELD)?;
        self.edge(ROOT, ELEMENT, 2, GARBAGE)?;
        for object in held {
            let handles = object.external_count();
            let name = self.strings.number_of(&match handles {
                1 => "1 handle from outside".to_owned(),
                more => format!("{more} handles from outside"),
            });
            self.edge(HELD, INTERNAL, name, node_of(*object))?;
        }
        for (number, object) in garbage.iter().enumerate() {
            self.edge(GARBAGE, ELEMENT, number, node_of(*object))?;
        }
        for object in snapshot.objects() {
            for edge in object.edges() {
                let (kind, name) = self.name_of(edge);
                self.edge(node_of(object), kind, name, node_of(edge.to()))?;
            }
            for edge in object.weak_edges() {
                let name = self.strings.number_of(&edge.label().to_string());
                self.edge(node_of(object), WEAK, name, node_of(edge.to()))?;
            }
        }
        self.out.write_all(
            b"],\n\"trace_function_infos\":[],\"trace_tree\":[],\"samples\":[],\"locations\":[],\n\
              \"strings\":[",
        )?;
        for (number, text) in self.strings.all.iter().enumerate() {
            self.out.write_all(if number == 0 { b"" } else { b",\n" })?;
            write_string(&mut self.out, text)?;
        }
        self.out.write_all(b"]}\n")?;
        self.out.flush()
    }

    fn node(
        &mut self,
        kind: usize,
        name: &str,
        id: u64,
        size: usize,
        edges: usize,
    ) -> io::Result<()> {
        let name = self.strings.number_of(name);
        // The root is the first node of the file.
        let comma = if id == 1 { "" } else { ",\n" };
        write!(self.out, "{comma}{kind},{name},{id},{size},{edges},0,0")
    }

    /// `from` is not written: edges come in the order of the nodes that have them.
    fn edge(&mut self, from: usize, kind: usize, name: usize, to: usize) -> io::Result<()> {
        let comma = if (from, name) == (ROOT, 1) { "" } else { ",\n" };
        write!(self.out, "{comma}{kind},{name},{}", to * NODE_FIELDS)
    }

    /// An edge's type, and its index or the number of its name.
    fn name_of(&mut self, edge: Edge<'_>) -> (usize, usize) {
        let mut segments = edge.label().segments();
        match (segments.next(), segments.next()) {
            (Some(&Segment::Index(index)), None) => (ELEMENT, index),
            _ => (PROPERTY, self.strings.number_of(&edge.label().to_string())),
        }
    }
}

fn node_of(object: Object<'_>) -> usize {
    FIRST_OBJECT + object.number()
}

/// A number that is nobody else's: odd where the object has an identity, so that another file has the
/// same; else an even one of this file's own.
fn node_id(object: Object<'_>) -> u64 {
    const TAKEN: u64 = 5;
    match object.id() {
        Some(id) => id.get() * 2 + TAKEN,
        None => (object.number() as u64 + 1) * 2,
    }
}
