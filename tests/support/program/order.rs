//! The order in which things have to happen: the model's part that hears of every hook before the
//! hook does anything, and says whether its turn has come.
//!
//! What is going on is a stack of [`Frame`]s. Objects end by count in a [`Session`], in the one order
//! that the documentation of `Gc` promises: depth first, siblings in the order of their fields, each
//! through all its steps, what a finalizer let go of before the rest of its object. A [`Sweep`] takes
//! its garbage through each step together: all finalizers, the second judgement, all drops, all calls;
//! within a step the garbage may come in any order, but for the calls of one object, newest first.
//!
//! No hook tells that an object is over. So the model is brought up to date when the next hook runs:
//! nothing that could be seen happens between the two.

use super::model::{CAP, Id, Life, Model, members};
use super::op::Shape;
use super::sweep::Sweep;

/// Something that is going on.
pub(crate) enum Frame {
    /// A hook runs.
    Hook,
    Session(Session),
    Sweep(Sweep),
    /// The value of this object was taken out; its calls are made.
    Taken {
        id: Id,
        /// It has moved to a new object, which has the number from then on.
        reborn: bool,
    },
    /// This cleanup is called by hand.
    ByHand(usize),
    /// This heap comes to its end.
    Shutdown(usize),
}

/// A few objects in a row.
#[derive(Clone, Copy)]
pub(crate) struct List {
    items: [Id; CAP],
    len: usize,
}

impl List {
    pub(crate) const EMPTY: Self = Self { items: [0; CAP], len: 0 };

    pub(crate) fn push(&mut self, id: Id) {
        self.items[self.len] = id;
        self.len += 1;
    }

    pub(crate) fn pop(&mut self) -> Option<Id> {
        self.len = self.len.checked_sub(1)?;
        Some(self.items[self.len])
    }
}

/// One object after the other ends, because nobody holds it.
pub(crate) struct Session {
    /// The one at its end, and how far it has come.
    current: Option<(Id, Stage)>,
    /// Whose turn comes: the last first.
    waiting: List,
    /// Those that were let go of since the current one's turn began, in that order.
    fresh: List,
    /// An edge of garbage was the last handle. Nobody says when the session is over.
    by_sweep: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    New,
    Finalized,
    Dropped,
}

/// Whose hook it is that wants to run.
enum Turn {
    Session(Stage),
    Sweep,
    Taken,
    ByHand(usize),
    Shutdown(usize),
    Wrong,
}

impl Model {
    pub(crate) fn session(&mut self) -> Option<&mut Session> {
        self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Session(session) => Some(session),
            _ => None,
        })
    }

    fn top_session(&mut self) -> Option<&mut Session> {
        match self.frames.last_mut() {
            Some(Frame::Session(session)) => Some(session),
            _ => None,
        }
    }

    pub(crate) fn begin_session(&mut self, id: Id, by_sweep: bool) {
        let mut waiting = List::EMPTY;
        waiting.push(id);
        let session = Session { current: None, waiting, fresh: List::EMPTY, by_sweep };
        self.frames.push(Frame::Session(session));
    }

    // ---- letting go --------------------------------------------------------------------------------

    /// A handle outside goes. Whether its object ends at once: then [`Model::end_session`] comes next.
    #[must_use = "the session has to be ended"]
    pub(crate) fn lose(&mut self, id: Id) -> bool {
        if !self.has_died(id) || self.is_let_loose(id) {
            return false;
        }
        match self.session() {
            Some(session) => {
                session.fresh.push(id);
                false
            }
            None => {
                self.begin_session(id, false);
                true
            }
        }
    }

    /// A handle outside goes. Whether it was the last of a living object.
    pub(crate) fn has_died(&mut self, id: Id) -> bool {
        let object = &mut self.objects[id as usize];
        object.outside -= 1;
        let died = object.refs() == 0 && object.life == Life::Alive;
        if died {
            object.age_of_others = object.age;
            object.life = Life::Dying;
        }
        died
    }

    /// What was let go of has ended, with all that it led to.
    pub(crate) fn end_session(&mut self) {
        if let Some(id) = self.next_in_session() {
            self.fail(|| format!("nobody holds object {id}, and it has not ended"));
        }
        self.frames.pop();
    }

    /// The current object is over. Whose turn it is in the session on top; those of whose end
    /// nobody tells are passed over.
    fn next_in_session(&mut self) -> Option<Id> {
        loop {
            self.current_is_over();
            let id = self.top_session()?.waiting.pop()?;
            if self.objects[id as usize].shape != Some(Shape::Text)
                || self.newest_call(id).is_some()
            {
                return Some(id);
            }
            self.leave(id);
        }
    }

    fn current_is_over(&mut self) {
        let Some(session) = self.top_session() else { return };
        while let Some(id) = session.fresh.pop() {
            session.waiting.push(id);
        }
        if let Some((id, stage)) = session.current.take() {
            self.check(stage == Stage::Dropped, || {
                format!("object {id} was not dropped: it came no further than {stage:?}")
            });
            self.no_call_was_left_out(id);
            self.leave(id);
        }
    }

    // ---- hooks -------------------------------------------------------------------------------------

    /// Brings the model to the point at which a hook of `id` wants to run.
    fn arrive(&mut self, id: Id) -> Turn {
        loop {
            match self.frames.last_mut() {
                Some(Frame::Session(session)) => {
                    if let Some((current, stage)) = session.current
                        && current == id
                    {
                        return Turn::Session(stage);
                    }
                    let by_sweep = session.by_sweep;
                    if self.is_loose(id) {
                        self.no_longer_loose(id);
                        self.current_is_over();
                        if let Some(session) = self.top_session() {
                            session.current = Some((id, Stage::New));
                        }
                        return Turn::Session(Stage::New);
                    }
                    match self.next_in_session() {
                        Some(next) => {
                            self.check(next == id, || {
                                format!("it is the turn of object {next} to end, not of {id}")
                            });
                            if let Some(session) = self.top_session() {
                                session.current = Some((id, Stage::New));
                            }
                            return Turn::Session(Stage::New);
                        }
                        None if by_sweep => drop(self.frames.pop()),
                        None => {
                            self.fail(|| format!("object {id} ends, and it is held"));
                            return Turn::Wrong;
                        }
                    }
                }
                Some(Frame::Sweep(_)) => match self.ends_by_count(id) {
                    Some(next) => self.begin_session(next, true),
                    None => return Turn::Sweep,
                },
                Some(Frame::Taken { .. }) => return Turn::Taken,
                Some(&mut Frame::ByHand(call)) => return Turn::ByHand(call),
                Some(&mut Frame::Shutdown(heap)) => return Turn::Shutdown(heap),
                Some(Frame::Hook) | None => {
                    self.fail(|| format!("a hook of object {id} runs, and nothing was done to it"));
                    return Turn::Wrong;
                }
            }
        }
    }

    pub(crate) fn hook_ends(&mut self) {
        let hook = self.frames.pop();
        self.check(matches!(hook, Some(Frame::Hook)), || "hooks do not nest".into());
    }

    /// Pushes the frame of something that runs inside what is going on.
    pub(crate) fn begin(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    pub(crate) fn finalizer_begins(&mut self, id: Id) {
        let turn = self.arrive(id);
        let pending = self.objects[id as usize].finalizer;
        self.check(pending, || format!("object {id} is finalized once too often"));
        match turn {
            Turn::Session(stage) => {
                self.check(stage == Stage::New, || format!("object {id} is finalized too late"));
                self.objects[id as usize].life = Life::Finalizing;
            }
            Turn::Sweep => self.finalized_by_sweep(id),
            _ => self.fail(|| format!("object {id} is finalized out of turn")),
        }
        let object = &mut self.objects[id as usize];
        (object.finalizer, object.finalized) = (false, true);
        self.frames.push(Frame::Hook);
    }

    pub(crate) fn finalizer_ends(&mut self, id: Id) {
        self.hook_ends();
        let object = &mut self.objects[id as usize];
        if object.life != Life::Finalizing {
            return;
        }
        if object.refs() > 0 {
            object.life = Life::Alive;
            if let Some(session) = self.top_session() {
                session.current = None;
            }
            return;
        }
        object.life = Life::Dying;
        if let Some(session) = self.top_session() {
            if session.fresh.len > 0 {
                // It waits behind those that its finalizer let go of.
                session.fresh.push(id);
                session.current = None;
            } else {
                session.current = Some((id, Stage::Finalized));
            }
        }
    }

    /// The drop of a value begins: nothing of it is gone yet.
    pub(crate) fn drop_begins(&mut self, id: Id) {
        let turn = self.arrive(id);
        let object = &mut self.objects[id as usize];
        let (life, finalizer) = (object.life, object.finalizer);
        self.check(life != Life::Dropped, || format!("object {id} is dropped twice"));
        self.check(!finalizer, || format!("object {id} is dropped without its finalizer"));
        match turn {
            Turn::Session(stage) => {
                self.check(stage != Stage::Dropped, || format!("object {id} is dropped twice"));
                if let Some(session) = self.top_session() {
                    session.current = Some((id, Stage::Dropped));
                }
            }
            Turn::Sweep => self.dropped_by_sweep(id),
            _ => self.fail(|| format!("object {id} is dropped out of turn")),
        }
        self.objects[id as usize].life = Life::Dropped;
        self.frames.push(Frame::Hook);
    }

    /// Now its edges go.
    pub(crate) fn drop_ends(&mut self, id: Id) {
        self.hook_ends();
        let edges = self.edges_out(id);
        if self.session().is_some() {
            for edge in edges {
                let begun = self.lose(edge);
                debug_assert!(!begun);
            }
        } else {
            self.dropping_by_sweep(edges);
        }
    }

    pub(crate) fn call_begins(&mut self, call: usize) {
        let id = self.calls[call].object;
        let turn = self.arrive(id);
        let silent = self.objects[id as usize].shape == Some(Shape::Text);
        match turn {
            Turn::Session(stage) => {
                self.check(stage == Stage::Dropped || silent, || {
                    format!("a call for object {id} comes before its drop")
                });
                self.objects[id as usize].life = Life::Dropped;
                if let Some(session) = self.top_session() {
                    session.current = Some((id, Stage::Dropped));
                }
                self.is_newest(id, call);
            }
            Turn::Sweep => {
                self.called_by_sweep(id);
                self.is_newest(id, call);
            }
            Turn::Taken => {
                let fits = matches!(self.frames.last(), Some(&Frame::Taken { id: taken, .. }) if taken == id);
                self.check(fits, || format!("a call for object {id} comes out of turn"));
                self.is_newest(id, call);
                self.value_was_taken(id);
            }
            Turn::ByHand(by_hand) => {
                let armed = self.calls[call].armed;
                self.check(by_hand == call && armed, || format!("cleanup {call} is called again"));
            }
            Turn::Shutdown(heap) => {
                let due = self.newest_cleanup(heap);
                self.check(due == Some(call), || {
                    format!("cleanup {call} runs at the end of heap {heap}, not {due:?}")
                });
            }
            Turn::Wrong => {}
        }
        self.disarm(call);
        self.frames.push(Frame::Hook);
    }

    /// The first call tells that the object is done with. Its value is elsewhere: in nobody's object,
    /// or in a new one.
    fn value_was_taken(&mut self, id: Id) {
        if self.objects[id as usize].life == Life::Alive
            && let Some(Frame::Taken { reborn, .. }) = self.frames.last_mut()
            && !*reborn
        {
            *reborn = true;
            self.reborn(id);
            self.placed(id);
        }
    }

    /// A value has moved to a new object, and its old one is gone with all its calls.
    pub(crate) fn move_is_over(&mut self, id: Id, reborn: bool) {
        self.no_call_was_left_out(id);
        if reborn {
            let heap = self.objects[id as usize].heap;
            self.heaps[heap].less(true);
        } else {
            self.reborn(id);
        }
    }

    /// All calls for an object without a value have been made.
    pub(crate) fn taken_is_over(&mut self, id: Id) {
        self.frames.pop();
        self.no_call_was_left_out(id);
        self.leave(id);
    }

    /// The call is made or cancelled.
    pub(crate) fn disarm(&mut self, call: usize) {
        let known = &mut self.calls[call];
        known.armed = false;
        self.objects[known.object as usize].calls.retain(|&other| other != call);
    }

    fn newest_call(&self, id: Id) -> Option<usize> {
        self.objects[id as usize].calls.last().copied()
    }

    fn is_newest(&mut self, id: Id, call: usize) {
        let newest = self.newest_call(id);
        self.check(newest == Some(call), || {
            format!("call {call} for object {id} is made, and {newest:?} is the newest")
        });
    }

    pub(crate) fn no_call_was_left_out(&mut self, id: Id) {
        if let Some(call) = self.newest_call(id) {
            self.fail(|| format!("call {call} for object {id} was not made"));
        }
    }

    /// The next cleanup at the end of this heap: the newest for an object that lives.
    pub(crate) fn newest_cleanup(&self, heap: usize) -> Option<usize> {
        members(self.used)
            .map(|id| &self.objects[id as usize])
            .filter(|object| object.heap == heap && object.life == Life::Alive)
            .flat_map(|object| &object.calls)
            .copied()
            .filter(|&call| self.calls[call].is_cleanup && self.calls[call].at_exit)
            .max_by_key(|&call| self.calls[call].serial)
    }
}
