//! The deaths of a thread: whether an object that has lost its last handle may end now, and those that
//! wait until another has ended.

use std::cell::Cell;

use crate::chunk::ChunkRef;
use crate::object::{FINALIZER, Life, ObjectRef};
use crate::settings::Generation;
use crate::state::HeapRef;

/// What dies inside another death waits here. Dropping never allocates: a few stand in arrays, and more
/// form lists through the dying objects, each of which keeps the place of the next one where it had
/// its count and epoch.
pub(crate) struct Deaths {
    /// What is going on: a state in the lowest bits, a mark, and from [`ONE`] on how many are `new`. In
    /// one word, so that after a value's drop one comparison tells that nothing came of it.
    pub(crate) now: Cell<u32>,
    /// Those whose counts have reached zero since the present step began, in that order.
    pub(crate) new: [Cell<Option<ObjectRef>>; ROOM],
    /// Those before them for which there was no room: a list, and its last.
    first_new: Cell<Option<ObjectRef>>,
    last_new: Cell<Option<ObjectRef>>,
    /// Those that have waited longer: what a [`Queue`] counts.
    waiting: [Cell<Option<ObjectRef>>; ROOM],
    /// The heap that judges, in state [`JUDGING`].
    pub(crate) judge: Cell<Option<HeapRef>>,
}

/// Deaths that wait without a list through the objects.
const ROOM: usize = 32;

/// What becomes of an object whose count reaches zero now: it ends at once, ...
pub(crate) const IDLE: u32 = 0;
/// ... it waits, since another is at its end, ...
pub(crate) const ENDING: u32 = 1;
/// ... or a judgement is going on, and a `Trace` has broken its contract. (The only state with this bit.)
const JUDGING: u32 = 2;
/// The bits of these.
pub(crate) const STATE: u32 = 3;
/// A panic waits for the outermost operation.
const PANICKED: u32 = 4;
/// One that is new.
pub(crate) const ONE: u32 = 8;

/// The place of the next one takes these bits of a dying object's field, its generation the others.
const PLACE_BITS: u32 = 17;
const PLACE_MAX: u32 = (1 << PLACE_BITS) - 1;

thread_local! {
    static DEATHS: Deaths =
        const {
            Deaths {
                now: Cell::new(IDLE),
                new: [const { Cell::new(None) }; ROOM],
                first_new: Cell::new(None),
                last_new: Cell::new(None),
                waiting: [const { Cell::new(None) }; ROOM],
                judge: Cell::new(None),
            }
        };
}

/// Those of this thread.
#[inline(always)]
pub(crate) fn deaths() -> &'static Deaths {
    let deaths = DEATHS.with(std::ptr::from_ref);
    // SAFETY: without a destructor a thread-local stays as long as its thread, and what is not `Sync`
    // does not leave it.
    unsafe { &*deaths }
}

impl Deaths {
    #[inline(always)]
    pub(crate) fn state(&self) -> u32 {
        self.now.get() & STATE
    }

    /// Enters a state. What else is noted stays.
    pub(crate) fn enter(&self, state: u32) {
        self.now.set(self.now.get() & !STATE | state);
    }

    /// The object ends when its turn comes.
    #[inline(always)]
    pub(crate) fn push(&self, object: ObjectRef) {
        object.enter(Life::Dying);
        if (self.now.get() / ONE) as usize == ROOM {
            self.list_new();
        }
        let now = self.now.get();
        if let Some(place) = self.new.get((now / ONE) as usize) {
            place.set(Some(object));
            self.now.set(now + ONE);
        }
    }

    /// Puts the new ones at the end of their list.
    #[cold]
    #[inline(never)]
    fn list_new(&self) {
        for object in self.new[..(self.now.get() / ONE) as usize].iter().filter_map(Cell::get) {
            clear_place(object);
            match self.last_new.replace(Some(object)) {
                None => self.first_new.set(Some(object)),
                Some(last) => link(last, Some(object)),
            }
        }
        self.now.set(self.now.get() % ONE);
    }
}

/// Whose turn it is. What died in a step goes before all that waited before it, in the order in which
/// it died; so objects end depth first.
pub(crate) struct Queue<'a> {
    deaths: &'a Deaths,
    /// How many there are in `Deaths::waiting`, the next one last ...
    len: usize,
    /// ... and who comes after those.
    list: Option<ObjectRef>,
}

impl<'a> Queue<'a> {
    pub(crate) fn new(deaths: &'a Deaths) -> Self {
        Self { deaths, len: 0, list: None }
    }

    /// The object whose turn it is, now that a step is over.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<ObjectRef> {
        let now = self.deaths.now.get();
        let new = match now / ONE {
            0 => return self.pop(),
            _ if self.deaths.last_new.get().is_some() => return self.next_of_many(),
            new => &self.deaths.new[..new as usize],
        };
        self.deaths.now.set(now % ONE);
        for waits in new[1..].iter().rev() {
            self.push(waits.get());
        }
        new[0].get()
    }

    /// As `next`, where there was no room for all that are new.
    #[cold]
    #[inline(never)]
    fn next_of_many(&mut self) -> Option<ObjectRef> {
        self.deaths.list_new();
        self.list_all();
        if let Some(last) = self.deaths.last_new.take() {
            link(last, self.list);
            self.list = self.deaths.first_new.take();
        }
        self.pop()
    }

    #[inline(always)]
    fn push(&mut self, object: Option<ObjectRef>) {
        if self.len == ROOM {
            self.list_all();
        }
        self.deaths.waiting[self.len].set(object);
        self.len += 1;
    }

    /// Puts all that wait on the list.
    #[cold]
    #[inline(never)]
    fn list_all(&mut self) {
        for object in self.deaths.waiting[..self.len].iter().filter_map(Cell::get) {
            clear_place(object);
            link(object, self.list);
            self.list = Some(object);
        }
        self.len = 0;
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<ObjectRef> {
        match self.deaths.waiting.get(self.len.wrapping_sub(1)) {
            Some(last) => {
                self.len -= 1;
                last.get()
            }
            None => self.pop_from_list(),
        }
    }

    fn pop_from_list(&mut self) -> Option<ObjectRef> {
        let first = self.list?;
        self.list = next(first);
        if first.has(FINALIZER) {
            restore_generation(first);
        }
        Some(first)
    }
}

/// Stands for the chunk of the next one where there is none.
const NO_CHUNK: u32 = u32::MAX;

/// The object is to be on a list: there is none after it yet. One with a finalizer keeps its
/// generation: that may bring it back.
fn clear_place(object: ObjectRef) {
    let generation = object.has(FINALIZER).then(|| object.generation().index() as u32);
    object.set_field(generation.unwrap_or(0) << PLACE_BITS);
    object.set_refs(NO_CHUNK);
}

/// Makes `next` the one after `object`, the last of its list.
fn link(object: ObjectRef, next: Option<ObjectRef>) {
    if let Some(next) = next {
        let (chunk, place) = ChunkRef::place_of(next);
        object.set_refs(chunk);
        object.set_field(object.field() | place);
    }
}

/// The one after `object`.
fn next(object: ObjectRef) -> Option<ObjectRef> {
    let (chunk, place) = (object.refs(), object.field() & PLACE_MAX);
    // SAFETY: `link` stored the place of an object that still waits, so that its page is mapped;
    // handles do not leave their thread.
    (chunk != NO_CHUNK).then(|| unsafe { ChunkRef::object_at(chunk, place) })
}

#[cold]
fn restore_generation(object: ObjectRef) {
    let generation = Generation::ALL[(object.field() >> PLACE_BITS) as usize];
    object.set_field(object.page().heap().field_of(generation));
}

/// What deaths were to do before a judgement.
pub(crate) struct BeforeJudging(u32, Option<HeapRef>);

/// No object ends while `heap` judges.
pub(crate) fn begin_judging(heap: HeapRef) -> BeforeJudging {
    let (deaths, before) = (deaths(), deaths().state());
    deaths.enter(JUDGING);
    BeforeJudging(before, deaths.judge.replace(Some(heap)))
}

/// Deaths do again what they did before.
pub(crate) fn end_judging(before: BeforeJudging) {
    deaths().enter(before.0);
    deaths().judge.set(before.1);
}

/// Whether a heap judges on this thread.
#[inline(always)]
pub(crate) fn is_judging() -> bool {
    deaths().now.get() & JUDGING != 0
}

/// Whether an object is at its end on this thread.
pub(crate) fn is_ending() -> bool {
    deaths().state() == ENDING
}

/// Notes, where each death looks, that a panic waits for the outermost operation; or that none does.
pub(crate) fn let_a_panic_wait(waits: bool) {
    let now = &deaths().now;
    now.set(now.get() & !PANICKED | if waits { PANICKED } else { 0 });
}

/// Whether a panic waits for the outermost operation.
pub(crate) fn a_panic_waits() -> bool {
    deaths().now.get() & PANICKED != 0
}
