//! Writes the page: a frame, the drawing library, and the snapshot as data, in one file.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use gc_core::{LeakReport, Object, Path, PauseEntry, Snapshot};

/// Everything but the data. `/*DATA*/` and `/*LIBRARY*/` stand for what is put in.
const FRAME: &str = include_str!("page.html");
const LIBRARY: &str = include_str!("vendor/cytoscape.min.js");

/// Writes the page about a snapshot, with the path to the leak, the garbage, and the pauses so far.
pub(crate) fn write(
    out: &mut impl Write,
    snapshot: &Snapshot,
    path: Option<&Path<'_>>,
    garbage: &LeakReport,
    pauses: &[PauseEntry],
) -> io::Result<()> {
    let (head, rest) = FRAME.split_once("/*LIBRARY*/").expect("the frame has a place for it");
    let (middle, tail) = rest.split_once("/*DATA*/").expect("the frame has a place for it");
    out.write_all(head.as_bytes())?;
    out.write_all(LIBRARY.as_bytes())?;
    out.write_all(middle.as_bytes())?;
    write_data(out, snapshot, path, garbage, pauses)?;
    out.write_all(tail.as_bytes())
}

fn write_data(
    out: &mut impl Write,
    snapshot: &Snapshot,
    path: Option<&Path<'_>>,
    garbage: &LeakReport,
    pauses: &[PauseEntry],
) -> io::Result<()> {
    let mut types = Numbered::default();
    let mut labels = Numbered::default();
    out.write_all(b"{\"objects\":[")?;
    // Each: type, own bytes, owned bytes, retained bytes, handles, those from outside, generation, garbage.
    list(out, snapshot.objects(), |out, object| {
        write!(
            out,
            "[{},{},{},{},{},{},{},{}]",
            types.number_of(object.short_type_name()),
            object.own_bytes(),
            object.owned_bytes(),
            object.retained_bytes(),
            object.strong_count(),
            object.external_count(),
            object.generation() as u8,
            u8::from(object.is_garbage())
        )
    })?;
    out.write_all(b"],\"edges\":[")?;
    // Each: from, label, to.
    list(out, snapshot.objects().flat_map(Object::edges), |out, edge| {
        let label = labels.number_of(edge.label().to_string());
        write!(out, "[{},{label},{}]", edge.from().number(), edge.to().number())
    })?;
    out.write_all(b"],\"retained\":[")?;
    let retained = retained_by_type(snapshot);
    list(out, retained.into_iter(), |out, (name, (count, bytes))| {
        write!(out, "[{},{count},{bytes}]", types.number_of(name))
    })?;
    out.write_all(b"],\"path\":[")?;
    if let Some(path) = path {
        let on_it = path.steps().iter().map(|edge| edge.from()).chain([path.target()]);
        list(out, on_it, |out, object| write!(out, "{}", object.number()))?;
    }
    out.write_all(b"],\"pauses\":[")?;
    list(out, pauses.iter(), |out, entry| {
        let (ended, pause) = (entry.ended.as_secs_f64(), entry.collection.duration.as_secs_f64());
        write!(out, "[{ended:.6},{pause:.9},{}]", entry.collection.generation as u8)
    })?;
    out.write_all(b"],\"types\":[")?;
    list(out, types.all.iter(), |out, name| write_text(out, name))?;
    out.write_all(b"],\"labels\":[")?;
    list(out, labels.all.iter(), |out, name| write_text(out, name))?;
    out.write_all(b"],\"why\":")?;
    write_text(out, &path.map_or_else(|| "garbage".to_owned(), Path::to_string))?;
    out.write_all(b",\"leaks\":")?;
    write_text(out, &garbage.to_string())?;
    out.write_all(b"}")
}

/// The values with commas between them.
fn list<W: Write, T>(
    out: &mut W,
    values: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    for (number, value) in values.enumerate() {
        if number > 0 {
            out.write_all(b",")?;
        }
        write(out, value)?;
    }
    Ok(())
}

/// A string of JSON that can stand in a script of a page.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    for char in text.chars() {
        match char {
            '"' | '\\' => write!(out, "\\{char}")?,
            '<' | '\u{2028}' | '\u{2029}' => write!(out, "\\u{:04x}", u32::from(char))?,
            char if char.is_control() => write!(out, "\\u{:04x}", u32::from(char))?,
            char => write!(out, "{char}")?,
        }
    }
    out.write_all(b"\"")
}

/// Strings, each with a number.
#[derive(Default)]
struct Numbered {
    all: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Numbered {
    fn number_of(&mut self, text: String) -> usize {
        let Self { all, numbers } = self;
        *numbers.entry(text).or_insert_with_key(|text| {
            all.push(text.clone());
            all.len() - 1
        })
    }
}

/// Objects of each type, and what would be freed with all of them: the retained bytes of those that no
/// other of the type dominates.
fn retained_by_type(snapshot: &Snapshot) -> Vec<(String, (usize, usize))> {
    let mut types: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut under_own_type = HashSet::new();
    for object in snapshot.objects() {
        let entry = types.entry(object.type_name()).or_default();
        entry.0 += 1;
        let mut above = std::iter::successors(object.dominator(), |above| above.dominator());
        if above.any(|above| above.type_name() == object.type_name()) {
            under_own_type.insert(object.number());
        } else {
            entry.1 += object.retained_bytes();
        }
    }
    let mut short: Vec<_> = snapshot
        .histogram()
        .rows()
        .iter()
        .map(|row| {
            let name = row.type_name.rsplit("::").next().unwrap_or(row.type_name);
            (name.to_owned(), types[row.type_name])
        })
        .collect();
    short.sort_by_key(|(_, (_, bytes))| std::cmp::Reverse(*bytes));
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use gc_core::{Heap, PauseLog};

    #[test]
    fn the_page_is_one_file_with_all_in_it() {
        let heap = Heap::new();
        let pauses = PauseLog::new(&heap, 10);
        let scene = Scene::play(&heap, b"<p>a<script>1 < 2</script>");
        let path = scene.after.why_alive(&scene.leaked);
        let mut page = Vec::new();
        let report = heap.find_unreachable();
        write(&mut page, &scene.after, path.as_ref(), &report, &pauses.entries())
            .expect("a vector takes all");
        let page = String::from_utf8(page).expect("UTF-8");
        assert!(!page.contains("/*DATA*/") && !page.contains("/*LIBRARY*/"));
        assert!(page.contains("History.visited[0] → Node."));
        for loads in ["src=\"http", "href=\"http", "@import", "fetch("] {
            assert!(!page.replace(LIBRARY, "").contains(loads), "the page needs no network");
        }
        heap.collect();
    }
}
