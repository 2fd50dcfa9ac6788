//! Sweeps: what a collection has to find, what becomes of it step by step, and what it has to report.

use std::cell::Cell;

use gc_core::{Collection, GivenUp};

use super::model::{Id, Life, Model, Set, members, one};
use super::op::Shape;
use super::order::{Frame, List};

thread_local! {
    /// A visit has panicked since somebody asked.
    pub(crate) static VISIT_PANICKED: Cell<bool> = const { Cell::new(false) };
}

/// A collection.
pub(crate) struct Sweep {
    heap: usize,
    age: usize,
    judged: Set,
    garbage: Set,
    /// The garbage with finalizers.
    last_words: Set,
    /// A hook has run, so there was a verdict.
    began: bool,
    /// What was garbage still after the finalizers.
    condemned: Option<Set>,
    dropped: Set,
    called: Set,
    calling: Option<Id>,
    /// Handles that the value dropped last held, and that go one after the other.
    dropping: List,
    /// Those that may end in any order.
    loose: Set,
    saved: usize,
    given_up: bool,
    /// With a budget it is not determined what is found. Such programs have no hooks that do anything.
    limit: Limit,
}

/// How much a collection may find.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Limit {
    All,
    /// Some of the garbage: each object only with all that hold it.
    Some,
    None,
}

impl Model {
    fn top_sweep(&mut self) -> Option<&mut Sweep> {
        match self.frames.last_mut() {
            Some(Frame::Sweep(sweep)) => Some(sweep),
            _ => None,
        }
    }

    /// The second judgement of a sweep was given up. Its garbage is unpinned one by one, and whoever
    /// is held by nobody ends either then, or with whom it lost.
    pub(crate) fn is_let_loose(&mut self, id: Id) -> bool {
        let sweep = self.frames.iter_mut().find_map(|frame| match frame {
            Frame::Sweep(sweep) if sweep.given_up => Some(sweep),
            _ => None,
        });
        sweep.is_some_and(|sweep| {
            let loose = sweep.garbage & one(id);
            sweep.loose |= loose;
            loose != 0
        })
    }

    /// Whether the object is one of those, which are alive or not.
    pub(crate) fn is_loose(&self, id: Id) -> bool {
        self.frames.iter().any(|frame| match frame {
            Frame::Sweep(sweep) => sweep.loose & one(id) != 0,
            _ => false,
        })
    }

    /// Whether a collection runs that is free in what it finds.
    pub(crate) fn is_undetermined(&self) -> bool {
        self.frames.iter().any(|frame| match frame {
            Frame::Sweep(sweep) => sweep.limit == Limit::Some,
            _ => false,
        })
    }

    /// Takes the object out of those.
    pub(crate) fn no_longer_loose(&mut self, id: Id) {
        for frame in &mut self.frames {
            if let Frame::Sweep(sweep) = frame {
                sweep.loose &= !one(id);
            }
        }
    }

    /// A collection begins to judge. The model knows now what it has to find.
    pub(crate) fn collection_starts(&mut self, heap: usize, age: usize, limit: Limit) {
        let judged = self.judged(heap, age);
        let garbage = if limit == Limit::None { 0 } else { self.garbage_within(judged) };
        let mut last_words = 0;
        for id in members(garbage) {
            let object = &mut self.objects[id as usize];
            object.life = Life::Doomed;
            last_words |= Set::from(object.finalizer) << id;
        }
        self.frames.push(Frame::Sweep(Sweep {
            heap,
            age,
            judged,
            garbage,
            last_words,
            began: false,
            condemned: None,
            dropped: 0,
            called: 0,
            calling: None,
            dropping: List::EMPTY,
            loose: 0,
            saved: 0,
            given_up: false,
            limit,
        }));
    }

    /// A hook of `id` wants to run while a sweep is on top. Who ends by count before that, if anybody:
    /// the next that the value dropped last held alone, or one of those who may end in any order.
    pub(crate) fn ends_by_count(&mut self, id: Id) -> Option<Id> {
        self.hear_of_panic();
        if let Some(next) = self.next_of_sweep() {
            return Some(next);
        }
        let sweep = self.top_sweep()?;
        if sweep.limit == Limit::All && sweep.loose & one(id) != 0 {
            sweep.loose &= !one(id);
            return Some(id);
        }
        self.there_is_a_verdict();
        None
    }

    pub(crate) fn finalized_by_sweep(&mut self, id: Id) {
        let Some(sweep) = self.top_sweep() else { return };
        let doomed = sweep.garbage & one(id) != 0 && sweep.condemned.is_none();
        let fits = doomed || sweep.loose & one(id) != 0;
        self.check(fits, || format!("object {id} is finalized, and is no garbage"));
    }

    /// The edges of a value that was dropped go one after the other, and whoever ends of it ends at
    /// once: so they are let go of as hooks tell.
    pub(crate) fn dropping_by_sweep(&mut self, edges: Vec<Id>) {
        if let Some(sweep) = self.top_sweep() {
            // The first of them is the next to go.
            edges.into_iter().rev().for_each(|edge| sweep.dropping.push(edge));
        }
    }

    /// A hook of the collection runs: it has judged, and did not give up.
    fn there_is_a_verdict(&mut self) {
        if let Some(sweep) = self.top_sweep()
            && !sweep.began
            && sweep.limit == Limit::All
        {
            sweep.began = true;
            let (heap, age) = (sweep.heap, sweep.age);
            self.promote(heap, age);
        }
    }

    /// The handles of the value that was dropped last go, up to the next one that was a last one.
    fn next_of_sweep(&mut self) -> Option<Id> {
        while let Some(id) = self.top_sweep()?.dropping.pop() {
            if self.has_died(id) {
                let sweep = self.top_sweep()?;
                if sweep.limit == Limit::All {
                    return Some(id);
                }
                sweep.loose |= one(id);
            }
        }
        None
    }

    /// A visit has panicked: everything lives on.
    fn hear_of_panic(&mut self) {
        if !VISIT_PANICKED.get() {
            return;
        }
        let Some(sweep) = self.top_sweep() else { return };
        VISIT_PANICKED.set(false);
        sweep.given_up = true;
        sweep.condemned = Some(0);
        let garbage = sweep.garbage;
        let mut loose = 0;
        for id in members(garbage) {
            let object = &mut self.objects[id as usize];
            object.life = if object.refs() == 0 { Life::Dying } else { Life::Alive };
            loose |= Set::from(object.refs() == 0) << id;
        }
        if let Some(sweep) = self.top_sweep() {
            sweep.loose = loose;
        }
    }

    /// The finalizers have run: who is still garbage?
    fn condemn(&mut self) {
        let Some(sweep) = self.top_sweep() else { return };
        if sweep.condemned.is_some() {
            return;
        }
        let (heap, garbage, limit) = (sweep.heap, sweep.garbage, sweep.limit);
        if limit != Limit::All {
            sweep.condemned = Some(garbage);
            return;
        }
        for id in members(garbage) {
            let pending = self.objects[id as usize].finalizer;
            self.check(!pending, || format!("the finalizer of object {id} was left out"));
        }
        let condemned = self.garbage_within(garbage);
        let saves = self.heaps[heap].save_all;
        for id in members(garbage) {
            let object = &mut self.objects[id as usize];
            if condemned & one(id) == 0 {
                object.life = Life::Alive;
            } else if saves {
                object.life = Life::Alive;
                object.outside += 1;
            } else {
                object.life = Life::Condemned;
            }
        }
        if saves {
            self.heaps[heap].kept += condemned.count_ones() as usize;
        }
        if let Some(sweep) = self.top_sweep() {
            sweep.saved = if saves { condemned.count_ones() as usize } else { 0 };
            sweep.condemned = Some(if saves { 0 } else { condemned });
        }
    }

    pub(crate) fn dropped_by_sweep(&mut self, id: Id) {
        self.condemn();
        let Some(sweep) = self.top_sweep() else { return };
        let fits = (sweep.condemned.unwrap_or(0) | sweep.loose) & one(id) != 0;
        let late = sweep.calling.is_some() && sweep.limit == Limit::All;
        sweep.dropped |= one(id);
        self.check(fits, || format!("object {id} is dropped, and is reachable"));
        self.check(!late, || format!("object {id} is dropped after calls of the same sweep"));
    }

    pub(crate) fn called_by_sweep(&mut self, id: Id) {
        let Some(sweep) = self.top_sweep() else { return };
        let all_dropped = sweep.condemned == Some(sweep.dropped) || sweep.limit != Limit::All;
        let before = sweep.calling.replace(id).filter(|&before| before != id);
        if let Some(before) = before {
            sweep.called |= one(before);
        }
        let again = sweep.called & one(id) != 0 && sweep.limit == Limit::All;
        let fits = sweep.dropped & one(id) != 0 || sweep.loose & one(id) != 0;
        self.check(all_dropped, || format!("a call for object {id} comes before all are dropped"));
        self.check(fits, || format!("a call for object {id} is made, and it lives"));
        self.check(!again, || format!("the calls for object {id} are not made together"));
        if let Some(before) = before {
            self.no_call_was_left_out(before);
        }
    }

    /// The collection is over. Its report has to be what the model has come to.
    pub(crate) fn collection_stops(&mut self, report: &Collection) {
        while !matches!(self.frames.last(), Some(Frame::Sweep(_))) {
            match self.frames.last() {
                Some(Frame::Session(_)) => self.end_session(),
                _ => return self.fail(|| "a collection stops that never began".into()),
            }
        }
        self.hear_of_panic();
        while let Some(id) = self.next_of_sweep() {
            self.begin_session(id, true);
            self.end_session();
        }
        self.condemn();
        let Some(Frame::Sweep(sweep)) = self.frames.pop() else { return };
        self.collected = true;
        let condemned = sweep.condemned.unwrap_or(0);
        let Sweep { heap, age, .. } = sweep;
        match sweep.limit {
            Limit::All => {
                self.check(sweep.dropped == condemned, || {
                    format!("garbage {condemned:b}, and dropped were {:b}", sweep.dropped)
                });
                self.check(sweep.loose == 0, || format!("{:b} did not end", sweep.loose));
            }
            Limit::Some | Limit::None => self.some_were_dropped(&sweep, report),
        }
        for id in members(sweep.dropped | sweep.loose) {
            self.no_call_was_left_out(id);
            self.leave(id);
        }
        let judged_all = if sweep.limit == Limit::All { !sweep.given_up } else { report.complete };
        if !sweep.began && judged_all {
            self.promote(heap, age);
        }
        if report.complete && age == 2 {
            self.heaps[heap].all_was_judged();
        }
        self.compare_report(&sweep, report);
    }

    /// A collection within a budget dropped what nobody holds any more, and left all else alone.
    fn some_were_dropped(&mut self, sweep: &Sweep, report: &Collection) {
        for id in members(sweep.dropped) {
            let refs = self.objects[id as usize].refs();
            self.check(refs == 0, || format!("object {id} was dropped, and has {refs} handles"));
        }
        for id in members(sweep.garbage & !sweep.dropped) {
            let object = &mut self.objects[id as usize];
            object.life = Life::Alive;
            let lost = object.refs() == 0;
            self.check(!lost, || format!("nobody holds object {id}, and it was not dropped"));
        }
        for id in members(sweep.loose & !sweep.dropped) {
            let silent = self.objects[id as usize].shape == Some(Shape::Text);
            self.check(silent, || format!("nobody holds object {id}, and it was not dropped"));
        }
        let all = sweep.dropped & sweep.garbage == sweep.garbage;
        let nothing_left = sweep.limit != Limit::None || self.no_garbage(sweep.heap);
        self.check(!report.complete || (all && nothing_left), || {
            format!("a complete collection left {:b}", sweep.garbage & !sweep.dropped)
        });
    }

    /// Whether a full collection of the heap would find nothing.
    pub(crate) fn no_garbage(&self, heap: usize) -> bool {
        self.garbage_within(self.judged(heap, 2)) == 0
    }

    fn compare_report(&mut self, sweep: &Sweep, report: &Collection) {
        let found = sweep.garbage.count_ones() as usize;
        let finalized = if sweep.began { sweep.last_words.count_ones() as usize } else { 0 };
        let dropped = sweep.dropped.count_ones() as usize;
        let judged = sweep.judged.count_ones() as usize;
        let numbers =
            [report.collected, report.finalized, report.resurrected, report.uncollectable];
        let expected = match sweep.limit {
            Limit::All if sweep.given_up && !sweep.began => [0, 0, 0, 0],
            Limit::All => {
                let kept = if sweep.given_up {
                    found
                } else {
                    found.saturating_sub(dropped + sweep.saved)
                };
                [dropped, finalized, kept, sweep.saved]
            }
            // What the garbage that was found let go of may have died by count.
            Limit::Some => [report.collected.min(dropped), 0, 0, 0],
            Limit::None => [0; 4],
        };
        self.check(numbers == expected, || {
            format!(
                "collected, finalized, resurrected, uncollectable: {numbers:?}, should be {expected:?}"
            )
        });
        let why = sweep.given_up.then_some(GivenUp::TracePanicked);
        self.check(report.given_up == why, || format!("given up: {:?}", report.given_up));
        let fits = report.candidates <= judged && report.candidates >= report.collected;
        self.check(fits, || format!("{} candidates of {judged}", report.candidates));
        let complete = sweep.limit != Limit::All || report.complete != sweep.given_up;
        self.check(complete, || "a collection without a budget is incomplete".into());
        let stats = &mut self.heaps[sweep.heap].stats[sweep.age];
        for (sum, number) in stats.iter_mut().zip([1, numbers[0], numbers[1], numbers[2]]) {
            *sum += number;
        }
    }
}
