//! Growth by the places in the source where objects are made.

use std::collections::HashMap;
use std::fmt;
use std::panic::Location;

use super::snapshot::{Snapshot, short_type_name};

/// The objects that one place in the source has made, now and before. From [`Snapshot::growth_by_site`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SiteRow {
    /// Where; `None` for what no constructor has made.
    pub site: Option<&'static Location<'static>>,
    /// The type of the objects.
    pub type_name: &'static str,
    /// How many there are in the later snapshot.
    pub count: usize,
    /// How many more, or fewer, than in the earlier one.
    pub growth: isize,
    /// Bytes more, or fewer, with what the values own.
    pub bytes: isize,
}

impl fmt::Display for SiteRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = short_type_name(self.type_name);
        write!(f, "{:+} {name} ({:+} bytes), ", self.growth, self.bytes)?;
        match self.site {
            Some(site) => write!(f, "made at {site}"),
            None => f.write_str("made elsewhere"),
        }
    }
}

impl Snapshot {
    /// What has changed since `earlier` was taken, by the places in the source that have made the
    /// objects, and their types; what has grown most first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let earlier = heap.snapshot();
    /// let _kept: Vec<_> = (0..3).map(|n| Gc::new_in(&heap, n)).collect();
    /// let growth = heap.snapshot().growth_by_site(&earlier);
    /// assert_eq!((growth.len(), growth[0].growth), (1, 3));
    /// assert_eq!(growth[0].site.unwrap().file(), file!());
    /// ```
    #[must_use]
    pub fn growth_by_site(&self, earlier: &Snapshot) -> Vec<SiteRow> {
        let mut rows = HashMap::new();
        for (sign, snapshot) in [(-1, earlier), (1, self)] {
            for object in snapshot.objects() {
                let (site, type_name) = (object.allocated_at(), object.type_name());
                let new = SiteRow { site, type_name, count: 0, growth: 0, bytes: 0 };
                let row = rows.entry((site, object.type_id())).or_insert(new);
                row.count += usize::from(sign == 1);
                row.growth += sign;
                let bytes = isize::try_from(object.bytes()).unwrap_or(isize::MAX);
                row.bytes = row.bytes.saturating_add(sign * bytes);
            }
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.retain(|row| (row.growth, row.bytes) != (0, 0));
        rows.sort_by_key(|row| {
            (std::cmp::Reverse((row.growth, row.bytes)), row.site, row.type_name)
        });
        rows
    }
}
