//! The table of a weak container: finds entries by their hashes.
//!
//! Open addressing with linear probing. An entry that goes leaves no mark, those behind it move up, so
//! taking out needs no memory and no `Hash` or `Eq` of the user's. Nothing here runs user code.

use crate::entry::EntryRef;

/// Spreads hashes whose low bits say little, addresses among them: 2⁶⁴ over the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The smallest number of slots, a power of two.
const SMALLEST: usize = 8;

/// A table of more slots gives them back when its last entry goes, since a walk over it costs what they
/// do.
const LARGE: usize = 64;

#[derive(Clone, Copy)]
struct Slot {
    hash: u64,
    entry: Option<EntryRef>,
}

const VACANT: Slot = Slot { hash: 0, entry: None };

/// Entries by hash. Several may have the same.
#[derive(Default)]
pub(crate) struct Table {
    /// None, or a power of two of them, a third of which is vacant at least.
    slots: Vec<Slot>,
    /// By how many bits a spread hash is shifted to be a slot's number.
    shift: u32,
    len: usize,
    /// How often an entry has come or gone.
    changes: u64,
}

impl Table {
    /// Entries in it.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Bytes of the slots.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    /// How often an entry has come or gone. While it stays the same, what [`Table::find`] said holds.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// The nearest entry with this hash, when the first `skip` slots for it were looked at already;
    /// and how many have been now.
    #[inline]
    pub(crate) fn find(&self, hash: u64, skip: usize) -> Option<(EntryRef, usize)> {
        let mut looked_at = skip;
        let mut place = self.place(hash, skip);
        // Some slot is vacant, so this ends; but for the empty table, which has none.
        while let Some(slot) = self.slots.get(place) {
            looked_at += 1;
            let entry = slot.entry?;
            if slot.hash == hash {
                return Some((entry, looked_at));
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        None
    }

    /// Makes room for one entry more. May allocate.
    pub(crate) fn reserve(&mut self) {
        let slots = self.slots.len();
        if (self.len + 1) * 3 > slots * 2 {
            self.resize((slots * 2).max(SMALLEST));
        } else if slots > SMALLEST && self.len * 16 < slots {
            // Most have gone: walks over the table cost what its slots do.
            self.resize((self.len * 4).next_power_of_two().max(SMALLEST));
        }
    }

    /// Puts an entry in, for which there is room.
    pub(crate) fn insert(&mut self, hash: u64, entry: EntryRef) {
        debug_assert!((self.len + 1) * 3 <= self.slots.len() * 2);
        self.changes += 1;
        self.len += 1;
        self.put(Slot { hash, entry: Some(entry) });
    }

    fn put(&mut self, slot: Slot) {
        let mut distance = 0;
        loop {
            let place = self.place(slot.hash, distance);
            if self.slots[place].entry.is_none() {
                self.slots[place] = slot;
                return;
            }
            distance += 1;
        }
    }

    /// Takes an entry out. `false`: it is not in.
    pub(crate) fn remove(&mut self, hash: u64, entry: EntryRef) -> bool {
        let mut skip = 0;
        while let Some((found, looked_at)) = self.find(hash, skip) {
            if found == entry {
                self.vacate(self.place(hash, looked_at - 1));
                self.changes += 1;
                self.len -= 1;
                if self.len == 0 && self.slots.len() > LARGE {
                    drop(self.take_all());
                }
                return true;
            }
            skip = looked_at;
        }
        false
    }

    /// Empties a slot, and moves up those behind it whose way leads over it.
    fn vacate(&mut self, mut vacant: usize) {
        let mask = self.slots.len() - 1;
        let mut at = vacant;
        loop {
            at = (at + 1) & mask;
            let slot = self.slots[at];
            if slot.entry.is_none() {
                break;
            }
            let from_home = at.wrapping_sub(self.place(slot.hash, 0)) & mask;
            if from_home >= at.wrapping_sub(vacant) & mask {
                self.slots[vacant] = slot;
                vacant = at;
            }
        }
        self.slots[vacant] = VACANT;
    }

    /// Takes all entries out, as a table of their own.
    pub(crate) fn take_all(&mut self) -> Table {
        let changes = self.changes + 1;
        std::mem::replace(self, Table { changes, ..Table::default() })
    }

    /// Every entry, in no order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = EntryRef> {
        self.slots.iter().filter_map(|slot| slot.entry)
    }

    /// Where an entry with this hash goes if so many slots for it are taken.
    #[inline(always)]
    fn place(&self, hash: u64, distance: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "less than the number of slots")]
        let home = (hash.wrapping_mul(SPREAD) >> self.shift) as usize;
        // Where there is no slot any place will do.
        home.wrapping_add(distance) & self.slots.len().wrapping_sub(1)
    }

    #[cold]
    fn resize(&mut self, slots: usize) {
        let larger = vec![VACANT; slots];
        let old = std::mem::replace(&mut self.slots, larger);
        self.shift = u64::BITS - slots.ilog2();
        for slot in old {
            if slot.entry.is_some() {
                self.put(slot);
            }
        }
        self.changes += 1;
    }
}
