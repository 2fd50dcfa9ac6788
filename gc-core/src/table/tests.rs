//! A table beside a plain list of what should be in it.

use super::{LARGE, SMALLEST, Table};
use crate::entry::EntryRef;
use crate::{Gc, Weak};

/// Entries that are in no registry, for one object.
struct Entries {
    member: Gc<u8>,
    all: Vec<EntryRef>,
}

impl Entries {
    fn new() -> Self {
        Self { member: Gc::new(0), all: Vec::new() }
    }

    fn make(&mut self, hash: u64) -> EntryRef {
        let entry = EntryRef::new(self.member.object(), hash, Weak::<u8>::new());
        self.all.push(entry);
        entry
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        self.all.iter().for_each(|entry| entry.end_use());
    }
}

fn insert(table: &mut Table, entry: EntryRef) {
    table.reserve();
    table.insert(entry.hash(), entry);
}

/// What a search finds under this hash, one after the other.
fn found(table: &Table, hash: u64) -> Vec<EntryRef> {
    let mut skip = 0;
    let next = || {
        let (entry, looked_at) = table.find(hash, skip)?;
        assert!(looked_at > skip, "a search goes on where it was");
        skip = looked_at;
        Some(entry)
    };
    std::iter::from_fn(next).collect()
}

#[track_caller]
fn assert_holds(table: &Table, expected: &[EntryRef]) {
    assert_eq!(table.len(), expected.len());
    assert_eq!(table.entries().count(), expected.len());
    for entry in expected {
        let same_hash = expected.iter().filter(|other| other.hash() == entry.hash()).count();
        let found = found(table, entry.hash());
        assert_eq!(found.len(), same_hash, "each once, and none of another hash");
        assert!(found.contains(entry));
    }
    let slots = table.slots.len();
    assert!(expected.len() * 3 <= slots * 2, "a third is vacant: {} of {slots}", expected.len());
}

#[test]
fn what_is_in_is_found_whatever_came_and_went() {
    // All the same, few, neighbours, and addresses.
    let hashes: [fn(u64) -> u64; 4] =
        [|_| 7, |n| n % 5, |n| n % 100, |n| 0x7F00_0000 + n * 16 % 4096];
    for hash in hashes {
        let (mut table, mut entries, mut expected) = (Table::default(), Entries::new(), Vec::new());
        assert!(table.find(7, 0).is_none(), "an empty one has no slot");
        let mut random = 1_u64;
        for step in 0..600_u64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // It grows, and shrinks again.
            let changes = table.changes();
            if random >> 60 < (if step < 300 { 11 } else { 4 }) {
                let entry = entries.make(hash(random >> 33));
                insert(&mut table, entry);
                expected.push(entry);
                assert!(table.changes() > changes);
            } else if !expected.is_empty() {
                let entry = expected.swap_remove((random >> 33) as usize % expected.len());
                assert!(table.remove(entry.hash(), entry));
                assert!(table.changes() > changes);
                assert!(!table.remove(entry.hash(), entry), "it is out already");
            }
            assert_holds(&table, &expected);
        }
        let changes = table.changes();
        assert_holds(&table.take_all(), &expected);
        assert_holds(&table, &[]);
        assert!(table.changes() > changes);
    }
}

#[test]
fn a_table_shrinks_with_what_is_in_it() {
    let (mut table, mut entries) = (Table::default(), Entries::new());
    let all: Vec<_> = (0..1000).map(|n| entries.make(n)).collect();
    all.iter().for_each(|entry| insert(&mut table, *entry));
    assert_eq!(table.slots.len(), 2048);
    let (kept, gone) = all.split_at(10);
    gone.iter().for_each(|entry| assert!(table.remove(entry.hash(), *entry)));
    // Death needs no memory: who comes next makes it smaller.
    assert_eq!(table.slots.len(), 2048);
    insert(&mut table, gone[0]);
    assert_eq!(table.slots.len(), 64);
    assert!(table.remove(gone[0].hash(), gone[0]));
    assert_holds(&table, kept);
    for entry in kept {
        assert!(table.remove(entry.hash(), *entry));
    }
    assert_eq!(table.slots.len(), LARGE, "what is not large stays");
    insert(&mut table, gone[0]);
    assert_eq!(table.slots.len(), SMALLEST);

    let others = &all[500..];
    others.iter().for_each(|entry| insert(&mut table, *entry));
    others.iter().for_each(|entry| assert!(table.remove(entry.hash(), *entry)));
    assert!(table.slots.len() > LARGE);
    assert!(table.remove(gone[0].hash(), gone[0]));
    assert_eq!(table.slots.len(), 0, "what is large goes with the last entry");
    assert_holds(&table, &[]);
}

#[test]
fn addresses_are_found_after_few_steps() {
    for step in [16, 24, 1 << 14, 1 << 20] {
        let (mut table, mut entries) = (Table::default(), Entries::new());
        for n in 0..1000 {
            let entry = entries.make(0x7F12_3456_0010 + n * step);
            insert(&mut table, entry);
        }
        let steps = |entry: &EntryRef| table.find(entry.hash(), 0).expect("it is in").1;
        let all: usize = entries.all.iter().map(steps).sum();
        assert!(all < 2500, "{all} slots are looked at for 1000 searches, {step} bytes apart");
    }
}
