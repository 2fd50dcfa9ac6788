//! Stress: what else happens now and then happens at every opportunity. For tests, of this library and
//! of those who use it: a hand-written `Trace`, a finalizer, a cell that is borrowed at the wrong
//! moment go wrong at once, and not after a week.
//!
//! With the feature `stress`, the environment variable `GC_STRESS` is read once. Without the feature none of
//! this is compiled. The words, separated by commas; `GC_STRESS=1` stands for all of them:
//!
//! | word | what happens |
//! | --- | --- |
//! | `birth=N`, `drop=N`, `clone=N`, `hook=N` | at every Nth allocation, drop or clone of a handle, or call of a hook, a collection of a random generation. Where collections do not happen by themselves (switched off, paused) and in a clone, a judgement whose verdict is put back |
//! | `poison` | freed slots and the values of ended objects are overwritten, and looked at before they are used again |
//! | `quarantine=N` | the N slots freed last are not used again |
//! | `shuffle` | slots come in random order, garbage ends in random order |
//! | `page=N` | pages have N slots, in a heap of fewer than 256 pages |
//! | `verify` | the heap's data is checked each time |
//! | `seed=N` | where the random numbers begin |
//!
//! In a heap of more than 256 objects all of that becomes rarer, so that its cost for each step stays the
//! same.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::OnceLock;

use crate::collect::collect;
use crate::error::tell_stderr;
use crate::judge;
use crate::object::ObjectRef;
use crate::report::Reason;
use crate::settings::Generation;
use crate::state::{HeapRef, HeapState};
use crate::verify::verify;

/// Up to this size of a heap, everything happens at every opportunity; pages are small.
const SMALL: usize = 256;

/// What a freed slot is filled with, and a value that was dropped.
const FREED: u8 = 0xDB;
const DROPPED: u8 = 0xDE;

/// An opportunity.
#[derive(Clone, Copy)]
pub(crate) enum At {
    Birth,
    Drop,
    Clone,
    Hook,
}

/// What `GC_STRESS` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Plan {
    /// How often, by opportunity. Zero: never.
    every: [usize; 4],
    poison: bool,
    quarantine: usize,
    shuffle: bool,
    /// Slots of a page. Zero: as many as fit.
    page: u32,
    verify: bool,
    seed: u64,
}

impl Plan {
    const ALL: &str = "birth=1,drop=1,clone=1,hook=1,poison,quarantine=32,shuffle,page=3,verify";

    fn of_this_process() -> &'static Self {
        static PLAN: OnceLock<Plan> = OnceLock::new();
        PLAN.get_or_init(|| match std::env::var("GC_STRESS") {
            Ok(words) => Self::parse(&words).unwrap_or_else(|error| panic!("GC_STRESS: {error}")),
            Err(_) => Self::default(),
        })
    }

    fn parse(words: &str) -> Result<Self, String> {
        let mut plan = Self::default();
        for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (name, number) = match word.split_once('=') {
                None => (word, None),
                Some((name, number)) => {
                    let number = number.parse::<u32>();
                    (name, Some(number.map_err(|_| format!("`{word}` does not end in a number"))?))
                }
            };
            match (name, number) {
                ("1", None) => plan = Self::parse(Self::ALL)?,
                ("0", None) => plan = Self::default(),
                ("birth", Some(every)) => plan.every[At::Birth as usize] = every as usize,
                ("drop", Some(every)) => plan.every[At::Drop as usize] = every as usize,
                ("clone", Some(every)) => plan.every[At::Clone as usize] = every as usize,
                ("hook", Some(every)) => plan.every[At::Hook as usize] = every as usize,
                ("poison", None) => plan.poison = true,
                ("quarantine", Some(slots)) => plan.quarantine = slots as usize,
                ("shuffle", None) => plan.shuffle = true,
                ("page", Some(slots)) => plan.page = slots,
                ("verify", None) => plan.verify = true,
                ("seed", Some(seed)) => plan.seed = u64::from(seed),
                _ => {
                    return Err(format!(
                        "there is no `{word}`. The words are 0, 1, birth=N, drop=N, clone=N, \
                         hook=N, poison, quarantine=N, shuffle, page=N, verify, seed=N"
                    ));
                }
            }
        }
        Ok(plan)
    }
}

/// One heap's share.
pub(crate) struct Stress {
    plan: &'static Plan,
    /// Opportunities since the last one taken, by kind.
    passed: [Cell<usize>; 4],
    /// One is being taken: what that sets off is none.
    busy: Cell<bool>,
    random: Cell<u64>,
    /// Freed slots that wait, oldest first. It never grows beyond its first capacity.
    quarantine: RefCell<VecDeque<ObjectRef>>,
}

impl Stress {
    pub(crate) fn new() -> Self {
        let plan = Plan::of_this_process();
        let mut quarantine = VecDeque::new();
        // Without memory there is no quarantine.
        let _ = quarantine.try_reserve_exact(plan.quarantine);
        Self {
            plan,
            passed: Default::default(),
            busy: Cell::new(false),
            random: Cell::new(plan.seed),
            quarantine: RefCell::new(quarantine),
        }
    }

    /// A random number below `bound` (SplitMix64).
    fn random(&self, bound: usize) -> usize {
        let state = self.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed >> 32) % bound as u64).expect("less than the bound")
    }

    /// Brings a list into random order, if that is asked for.
    pub(crate) fn shuffle<T>(&self, list: &mut [T]) {
        if self.plan.shuffle {
            for last in (1..list.len()).rev() {
                list.swap(last, self.random(last + 1));
            }
        }
    }

    /// These numbers, at most `MOST` of them, in random order if that is asked for.
    pub(crate) fn in_any_order<const MOST: usize>(
        &self,
        numbers: impl Iterator<Item = u32>,
    ) -> impl Iterator<Item = u32> {
        let (mut list, mut len) = ([0; MOST], 0);
        for number in numbers {
            list[len] = number;
            len += 1;
        }
        self.shuffle(&mut list[..len]);
        list.into_iter().take(len)
    }

    /// How many slots a page gets, of those that fit.
    pub(crate) fn slots_of_a_page(&self, fit: u32, pages: usize) -> u32 {
        if self.plan.page == 0 || pages >= SMALL { fit } else { fit.min(self.plan.page) }
    }

    /// Whether this is one of the opportunities to take.
    fn is_due(&self, at: At, live: usize) -> bool {
        let every = self.plan.every[at as usize];
        if every == 0 {
            return false;
        }
        let passed = self.passed[at as usize].get() + 1;
        let due = passed >= every.max(live / SMALL);
        self.passed[at as usize].set(if due { 0 } else { passed });
        due
    }
}

/// An opportunity has come.
#[inline(never)]
pub(crate) fn opportunity(heap: HeapRef, at: At) {
    let stress = &heap.stress;
    let size = heap.live().max(heap.store.pages());
    if stress.busy.get() || heap.is_judging() || !stress.is_due(at, size) {
        return;
    }
    heap.hold();
    let _held = Held { heap, at };
    let generation = Generation::ALL[stress.random(Generation::ALL.len())];
    if heap.collecting.get() {
        // A hook of a collection: there can be no other.
    } else if heap.may_collect_by_itself() && !matches!(at, At::Clone) {
        // A clone runs no user code, and `Slot` relies on that; so it gets no collection.
        collect(heap, generation, Reason::Threshold, None);
    } else {
        stress.busy.set(true);
        judge::rehearse(heap, generation);
        stress.busy.set(false);
    }
    check(heap);
}

/// Lets go of a heap, whatever way an opportunity ends.
struct Held {
    heap: HeapRef,
    at: At,
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.at {
            // A closed heap may have nothing but the object that is about to be.
            At::Birth => self.heap.stop_holding(),
            At::Drop | At::Clone | At::Hook => self.heap.let_go(),
        }
    }
}

/// The drop of a handle: an opportunity when it is done, even if it unwinds.
pub(crate) struct AtDrop(Held);

impl AtDrop {
    pub(crate) fn of(object: ObjectRef) -> Self {
        let heap = object.page().heap();
        heap.hold();
        Self(Held { heap, at: At::Drop })
    }
}

impl Drop for AtDrop {
    fn drop(&mut self) {
        opportunity(self.0.heap, At::Drop);
    }
}

fn check(heap: HeapRef) {
    if heap.stress.plan.verify && !heap.stress.busy.replace(true) {
        let problems = verify(&heap);
        heap.stress.busy.set(false);
        problems.raise();
    }
}

// ---- slots ---------------------------------------------------------------------------------------

/// The value has been dropped: nobody may read it any more.
pub(crate) fn value_dropped(object: ObjectRef) {
    if object.page().heap().stress.plan.poison {
        object.fill_value(DROPPED);
    }
}

/// A slot was carved: it is as one that was freed.
pub(crate) fn slot_carved(heap: &HeapState, slot: ObjectRef) {
    if heap.stress.plan.poison {
        slot.fill_slot(FREED);
    }
}

/// A slot is to be freed. Returns the one to free in its place, if any: the one that waited longest.
pub(crate) fn instead_of(slot: ObjectRef) -> Option<ObjectRef> {
    let heap = slot.page().heap();
    let stress = &heap.stress;
    if stress.plan.poison {
        slot.fill_slot(FREED);
    }
    let mut quarantine = stress.quarantine.borrow_mut();
    if quarantine.capacity() == 0 || heap.closed.get() {
        return Some(slot);
    }
    let oldest =
        if quarantine.len() < stress.plan.quarantine { None } else { quarantine.pop_front() };
    slot.init_remains();
    heap.store.hold_back(slot);
    quarantine.push_back(slot);
    drop(quarantine);
    oldest.inspect(|&slot| let_out(&heap, slot))
}

/// The heap closes: the next one that waits, to be freed.
pub(crate) fn release(heap: &HeapState) -> Option<ObjectRef> {
    let slot = heap.stress.quarantine.borrow_mut().pop_front()?;
    let_out(heap, slot);
    Some(slot)
}

fn let_out(heap: &HeapState, slot: ObjectRef) {
    heap.store.hold_back_no_more(slot);
    check_poison(slot);
}

/// A freed slot is about to be used again: nobody may have written to it.
pub(crate) fn check_poison(slot: ObjectRef) {
    if slot.page().heap().stress.plan.poison && !slot.is_filled_with(FREED) {
        tell_stderr(format_args!(
            "the slot at {:p} was written to after it was freed: a pointer was kept longer than its \
             handle. Aborting.",
            slot.value(),
        ));
        std::process::abort()
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn one_is_all_of_it_and_later_words_change_it() {
        let all = Plan::parse("1").expect("it is a word");
        assert_eq!(all.every, [1; 4]);
        assert!(all.poison && all.shuffle && all.verify);
        let other = Plan::parse("1, birth=7,seed=3").expect("all are words");
        assert_eq!((other.every, other.seed), ([7, 1, 1, 1], 3));
        assert_eq!(Plan::parse("1,0"), Ok(Plan::default()));
        assert_eq!(Plan::parse(""), Ok(Plan::default()));
    }

    #[test]
    fn a_word_that_does_not_exist_is_named_with_those_that_do() {
        for wrong in ["brith=1", "birth", "poison=2", "2"] {
            let error = Plan::parse(wrong).expect_err("it is none");
            assert!(
                error.starts_with(&format!("there is no `{wrong}`. The words are 0, 1, birth=N"))
            );
        }
        assert_eq!(Plan::parse("seed=x"), Err("`seed=x` does not end in a number".to_owned()));
    }
}
