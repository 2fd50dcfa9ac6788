//! Writes a snapshot as lines of JSON, one for each object.

use std::io::{self, Write};

use super::snapshot::{Edge, Object, Snapshot};
use super::text::write_string;

impl Snapshot {
    /// Writes one line of JSON for each object: `object` (its number), `type`, `generation`, `handles`,
    /// `external`, `bytes`, `owned`, `retained`, `garbage`, and its `edges` and `weak` handles as pairs
    /// of label and number.
    ///
    /// For `jq`, data frames and programs of one's own. Buffer the writer.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _pair = Gc::new_in(&heap, (Gc::new_in(&heap, 1), 2));
    /// let mut lines = Vec::new();
    /// heap.snapshot().write_json_lines(&mut lines)?;
    /// let lines = String::from_utf8(lines).unwrap();
    /// assert_eq!(lines.lines().count(), 2);
    /// assert!(lines.contains(r#""edges":[["0","#));
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The writer's.
    pub fn write_json_lines(&self, mut out: impl Write) -> io::Result<()> {
        self.objects().try_for_each(|object| write_object(&mut out, object))
    }
}

fn write_object(out: &mut impl Write, object: Object<'_>) -> io::Result<()> {
    write!(out, "{{\"object\":{},\"type\":", object.number())?;
    write_string(out, object.type_name())?;
    write!(
        out,
        ",\"generation\":{},\"handles\":{},\"external\":{},\"bytes\":{},\"owned\":{},\
         \"retained\":{},\"garbage\":{},\"edges\":[",
        object.generation().index(),
        object.strong_count(),
        object.external_count(),
        object.own_bytes(),
        object.owned_bytes(),
        object.retained_bytes(),
        object.is_garbage(),
    )?;
    write_edges(out, object.edges())?;
    out.write_all(b"],\"weak\":[")?;
    write_edges(out, object.weak_edges())?;
    out.write_all(b"]}\n")
}

fn write_edges<'s>(out: &mut impl Write, edges: impl Iterator<Item = Edge<'s>>) -> io::Result<()> {
    for (number, edge) in edges.enumerate() {
        out.write_all(if number == 0 { b"[" } else { b",[" })?;
        write_string(out, &edge.label().to_string())?;
        write!(out, ",{}]", edge.to().number())?;
    }
    Ok(())
}
