//! Which objects are garbage: the judgement, from suspects alone.
//!
//! Trial deletion in the words of Bacon and Rajan, with CPython's `gc_refs` for its count. The set is
//! what the suspects lead to; each member's count less the edges found to it is what holds it from
//! outside. What is not reached from such a member is held by garbage only.
//!
//! No user code runs here but `Trace`. Whatever is not in the set counts as outside, so judging any
//! part of the heap is sound: generations, frozen objects, borrowed cells and budgets rest on that.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::deaths::{begin_judging, end_judging, is_judging};
use crate::ephemeron::{Pass, new_judgement, trace_entries_in};
use crate::error::over_reported;
use crate::object::{
    AHEAD, COUNT_BESIDE, EXCLUSIVE, FIELD_MAX, FIELD_SHIFT, FINALIZER, FROZEN, IN_SET, LEAF, LIFE,
    Life, ObjectRef, REACHED, SUSPECT, for_each_fetched_ahead,
};
use crate::reclaim::release;
use crate::report::GivenUp;
use crate::settings::{Budget, Generation};
use crate::state::{HeapRef, HeapState};
use crate::trace::Tracer;
use crate::tracked_leaf;

/// Edges that are gathered before they are looked at: time for their headers to arrive.
const BATCH: usize = 16;

/// Room for more members than these is made when it is needed.
const EXPECTED_MOST: usize = 4096;

/// What a judgement found.
pub(crate) struct Verdict {
    /// Pinned by one handle each, and doomed or already condemned.
    pub(crate) garbage: Vec<ObjectRef>,
    /// Whether it is condemned: so it is at once where no finalizer is about.
    pub(crate) condemned: bool,
    /// Objects visited.
    pub(crate) candidates: usize,
    /// Whether all suspects were followed to the end.
    pub(crate) complete: bool,
}

/// Why there is no verdict.
pub(crate) struct NoVerdict {
    pub(crate) why: GivenUp,
    /// What a `Trace` panicked with.
    pub(crate) payload: Option<Box<dyn Any + Send>>,
}

/// Judges the suspects of generations up to `generation` and all that they lead to there.
///
/// Afterwards the garbage is pinned, and doomed or condemned; the survivors have moved up, and those of
/// a full judgement are acquitted. On an error everything is as before.
pub(crate) fn judge(
    heap: HeapRef,
    generation: Generation,
    budget: Option<Budget>,
) -> Result<Verdict, NoVerdict> {
    let mut set = Set::new(heap, heap.born_from(generation), budget);
    let judged = watched(heap, || {
        if budget.is_some() {
            set.follow_within_budget(generation)?;
        } else {
            set.gather_suspects(generation)?; // the suspects; each object once
            set.close_over()?; // all that they lead to; counts less the edges found
        }
        set.reach_from_outside() // what is left unexplained is held from outside
    });
    if let Err(error) = judged {
        set.forget();
        return Err(error);
    }
    let candidates = set.members.len();
    let complete = set.complete;
    if complete {
        let condemned = !set.has_finalizers();
        let garbage = set.settle(generation);
        heap.promote(generation);
        Ok(Verdict { garbage, condemned, candidates, complete })
    } else {
        // Cut short: what was proved is proved, but nobody is acquitted and nothing moves up.
        let garbage = set.settle_in_place();
        Ok(Verdict { garbage, condemned: false, candidates, complete })
    }
}

/// Judges, and puts the verdict back: everything is as before.
#[cfg(feature = "stress")]
pub(crate) fn rehearse(heap: HeapRef, generation: Generation) {
    let mut set = Set::new(heap, heap.born_from(generation), None);
    let misbehaved = heap.misbehaved.get();
    let judged = watched(heap, || {
        set.gather_suspects(generation)?;
        set.close_over()?;
        set.reach_from_outside()
    });
    set.forget();
    heap.misbehaved.set(misbehaved);
    if judged.is_err() {
        // What a `Trace` dropped meanwhile ends now.
        let died = heap.died_while_judging.take();
        died.into_iter().for_each(release);
    }
}

/// Judges garbage once more, after its finalizers ran: they may have stored a handle.
///
/// Returns what is garbage still. The others are alive again, suspects, and without pin.
pub(crate) fn judge_again(
    heap: HeapRef,
    garbage: Vec<ObjectRef>,
) -> (Vec<ObjectRef>, usize, Option<NoVerdict>) {
    // Nothing may join: what finalizers made counts as outside and has its turn later.
    let mut set = Set::new(heap, FIELD_MAX, None);
    let before = garbage.len();
    let judged = watched(heap, || {
        set.members.try_reserve_exact(before).map_err(|_| out_of_memory())?;
        for &object in &garbage {
            // Whoever has `&mut` to it holds it from outside.
            if !object.has(EXCLUSIVE) {
                // The pin explains itself.
                let others = object.others_of_outsider(object.meta());
                set.enter(object, object.meta(), None, others, 0)?;
                set.unexplained += others as usize;
            }
        }
        set.close_over()?;
        set.reach_from_outside()
    });
    if let Err(error) = judged {
        set.forget();
        for &object in &garbage {
            object.enter(Life::Alive);
            heap.suspect(object);
        }
        // Each pin goes back as a handle does: whom a finalizer cut off from all others ends now.
        garbage.into_iter().for_each(release);
        return (Vec::new(), before, Some(error));
    }
    for &object in &garbage {
        if !object.has(IN_SET) || object.has(REACHED) {
            if object.has(IN_SET) {
                set.leave(object);
            }
            revive(&heap, object);
        }
    }
    set.members.retain(|object| object.has(IN_SET));
    for &object in &set.members {
        set.leave(object);
    }
    let condemned = std::mem::take(&mut set.members);
    let resurrected = before - condemned.len();
    (condemned, resurrected, None)
}

/// A doomed object lives on, as a suspect: it has an owner again, who may let go of it.
pub(crate) fn revive(heap: &HeapState, object: ObjectRef) {
    object.enter(Life::Alive);
    object.sub_ref();
    debug_assert!(object.refs() != 0, "it was reached, so somebody holds it");
    heap.suspect(object);
}

/// Runs a judgement with the heap marked so, and what a `Trace` does wrong noticed.
fn watched(
    heap: HeapRef,
    judgement: impl FnOnce() -> Result<(), NoVerdict>,
) -> Result<(), NoVerdict> {
    if is_judging() {
        // A `Trace` has another heap collect. Marks of the two would meet, on entries of weak containers.
        return Err(NoVerdict { why: GivenUp::TraceMisbehaved, payload: None });
    }
    heap.misbehaved.set(false);
    heap.set_judging(true);
    // With no fuel, each tracked allocation by a `Trace` comes to our notice.
    heap.drain_fuel();
    let deaths = begin_judging(heap);
    let outcome = catch_unwind(AssertUnwindSafe(judgement));
    end_judging(deaths);
    heap.set_judging(false);
    heap.refuel();
    if heap.misbehaved.get() {
        heap.store.answer_calls();
    }
    match outcome {
        Err(payload) => Err(NoVerdict { why: GivenUp::TracePanicked, payload: Some(payload) }),
        Ok(Ok(())) if heap.misbehaved.get() => {
            Err(NoVerdict { why: GivenUp::TraceMisbehaved, payload: None })
        }
        Ok(outcome) => outcome,
    }
}

/// Whether an object with these meta bits may join a set.
#[inline(always)]
fn admits(meta: u32, least_meta: u32) -> bool {
    const BARRED: u32 = LIFE | IN_SET | LEAF | EXCLUSIVE | FROZEN;
    meta & BARRED == 0 && meta >= least_meta
}

fn out_of_memory() -> NoVerdict {
    NoVerdict { why: GivenUp::OutOfMemory, payload: None }
}

/// The set under judgement, and the work lists.
struct Set {
    heap: HeapRef,
    /// Objects born earlier do not join; with the budget used up, nobody does. This and the next two are
    /// meta bits that an object may be born with.
    least_meta: u32,
    /// Objects born earlier are not Young, ...
    young_from: u32,
    /// ... or Old.
    middle_from: u32,
    members: Vec<ObjectRef>,
    /// Members before this one have been traced.
    traced: usize,
    /// Unexplained handles of all members together. With none left, all is garbage.
    unexplained: usize,
    /// The flags of all members together, as they entered.
    flags: u32,
    /// The suspects were gathered, and their marks taken off.
    unmarked: bool,
    /// With the edges to look at, a stack.
    tracer: Tracer<'static>,
    /// The number of this judgement.
    judgement: u64,
    /// Unexplained counts that do not fit into the header: of the few objects with very many handles.
    beside: Vec<(ObjectRef, u32)>,
    budget: Limit,
    /// The budget is used up: what `least_meta` was before.
    full: Option<u32>,
    /// Nobody was left out.
    complete: bool,
}

/// How long a set may grow.
struct Limit {
    exists: bool,
    objects: usize,
    until: Option<Instant>,
}

impl Limit {
    fn new(budget: Option<Budget>) -> Self {
        let Some(budget) = budget else {
            return Self { exists: false, objects: usize::MAX, until: None };
        };
        let until = budget.time.and_then(|time: Duration| Instant::now().checked_add(time));
        Self { exists: true, objects: budget.objects, until }
    }

    #[inline(always)]
    fn is_over(&self, objects: usize) -> bool {
        self.exists
            && (objects >= self.objects || self.until.is_some_and(|until| Instant::now() >= until))
    }
}

impl Set {
    fn new(heap: HeapRef, born_from: u32, budget: Option<Budget>) -> Self {
        let judgement = new_judgement();
        Self {
            heap,
            least_meta: born_from << FIELD_SHIFT,
            young_from: heap.born_from(Generation::Young) << FIELD_SHIFT,
            middle_from: heap.born_from(Generation::Middle) << FIELD_SHIFT,
            members: Vec::new(),
            traced: 0,
            unexplained: 0,
            flags: 0,
            unmarked: false,
            tracer: Tracer::new(Pass::Explain(judgement)),
            judgement,
            beside: Vec::new(),
            budget: Limit::new(budget),
            full: None,
            complete: true,
        }
    }

    /// Whether an object of the heap, outside the set, may join it.
    #[inline(always)]
    fn admits(&self, object: ObjectRef) -> bool {
        admits(object.meta(), self.least_meta)
    }

    #[inline(always)]
    fn owns(&self, object: ObjectRef) -> bool {
        object.page().heap() == self.heap
    }

    /// Whether a member has a finalizer to run.
    fn has_finalizers(&self) -> bool {
        self.flags & FINALIZER != 0
    }

    /// An object with these meta bits joins, of a generation that may be known. Its handles that no edge has
    /// explained are `others` and `more`.
    #[inline(always)]
    fn enter(
        &mut self,
        object: ObjectRef,
        meta: u32,
        generation: Option<Generation>,
        others: u32,
        more: u32,
    ) -> Result<(), NoVerdict> {
        if self.members.len() == self.members.capacity() {
            self.make_room()?;
        }
        self.members.push(object);
        self.flags |= meta;
        let generation = match generation {
            Some(generation) => generation as u32,
            None => u32::from(meta < self.young_from) + u32::from(meta < self.middle_from),
        };
        if !object.enter_set(meta, generation, others, more) {
            return self.enter_beside(object, others, more);
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self) -> Result<(), NoVerdict> {
        // As many as an automatic collection finds, at once: a list that grows is copied several times.
        let expected = self.heap.young().clamp(1, EXPECTED_MOST);
        self.members.try_reserve(expected).map_err(|_| out_of_memory())
    }

    /// The object has entered, but for its count.
    #[cold]
    #[inline(never)]
    fn enter_beside(&mut self, object: ObjectRef, others: u32, more: u32) -> Result<(), NoVerdict> {
        if others == u32::MAX && more == 0 {
            // An edge leads to it, but it has no handle.
            over_reported(object);
        }
        // On failure it is not a member: `forget` must not find it half entered.
        if self.beside.try_reserve(1).is_err() {
            self.members.pop();
            self.leave(object);
            return Err(out_of_memory());
        }
        self.beside.push((object, others.saturating_add(more)));
        Ok(())
    }

    /// The suspects join, and leave their marks: few are suspects afterwards.
    fn gather_suspects(&mut self, generation: Generation) -> Result<(), NoVerdict> {
        let heap = self.heap;
        let mut no_memory = None;
        self.unmarked = true;
        heap.store.for_each_suspect_page(generation.index(), |page| {
            page.suspects_up_to(generation.index(), true, |object| {
                if no_memory.is_none() && self.admits(object) {
                    match self.join(object, None) {
                        Ok(()) => return,
                        Err(error) => no_memory = Some(error),
                    }
                }
                page.mark_suspect(object, heap.generation_of(object.field()));
            });
        });
        if let Some(error) = no_memory {
            return Err(error);
        }
        let losses = &heap.store.losses;
        for object in losses.suspects() {
            if self.admits(object) {
                // What is left is still written down.
                self.join(object, Some(Generation::Young))?;
            } else if !object.has(IN_SET) {
                object.page().mark_suspect(object, Generation::Young);
            }
        }
        losses.clear();
        for object in tracked_leaf::suspects(&heap) {
            if self.admits(object) {
                self.join(object, None)?;
                tracked_leaf::unmark_suspect(object);
            }
        }
        #[cfg(feature = "stress")]
        heap.stress.shuffle(&mut self.members);
        Ok(())
    }

    /// A suspect joins, with all of its handles to be explained.
    #[inline(always)]
    fn join(&mut self, object: ObjectRef, generation: Option<Generation>) -> Result<(), NoVerdict> {
        let others = object.others_of_disarmed();
        self.unexplained += others as usize + 1;
        self.enter(object, object.meta(), generation, others, 1)
    }

    /// With a budget: one suspect joins after the other, each with all that it leads to, from where the
    /// last budget ran out. A suspect that leads to more than a budget holds up only itself.
    fn follow_within_budget(&mut self, generation: Generation) -> Result<(), NoVerdict> {
        let heap = self.heap;
        heap.store.losses.mark_all();
        let resume_at = heap.resume_at.take();
        let (mut suspects, mut no_memory) = (Vec::new(), false);
        let mut gather = |object| {
            no_memory |= suspects.try_reserve(1).is_err();
            if !no_memory {
                suspects.push(object);
            }
        };
        heap.store.for_each_suspect_page(generation.index(), |page| {
            page.suspects_up_to(generation.index(), false, &mut gather);
        });
        tracked_leaf::suspects(&heap).for_each(gather);
        if no_memory {
            return Err(out_of_memory());
        }
        // By addresses, or those that come out of order would never have their turn with small budgets.
        suspects.sort_unstable();
        let from = suspects.iter().position(|object| object.addr() >= resume_at).unwrap_or(0);
        suspects.rotate_left(from);
        for suspect in suspects {
            if self.budget.is_over(self.traced) {
                self.complete = false;
                heap.resume_at.set(suspect.addr());
                return Ok(());
            }
            if self.admits(suspect) {
                self.join(suspect, None)?;
                self.close_over()?;
                if !self.complete {
                    heap.resume_at.set(suspect.addr() + 1);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Follows every edge of every member once; what it leads to joins and is traced at once, and each
    /// edge explains one handle. Afterwards a member's unexplained count is the handles from outside the
    /// set.
    ///
    /// Depth first, since that is mostly the order of addresses; but in batches, so that headers have
    /// time to arrive.
    fn close_over(&mut self) -> Result<(), NoVerdict> {
        let gathered = self.members.len();
        // Counted here, and not in memory, where each step would wait for the one before.
        let mut unexplained = self.unexplained;
        let mut batch = Vec::new();
        while self.traced < gathered || !self.tracer.edges.is_empty() {
            if self.tracer.edges.is_empty() {
                // The edges of several suspects, in order: most lead to others of them.
                while self.traced < gathered && self.tracer.edges.len() < BATCH {
                    self.members[self.traced].trace(&mut self.tracer);
                    self.traced += 1;
                }
            }
            if self.budget.exists && self.full.is_none() {
                let waiting = gathered - self.traced;
                if self.budget.is_over(self.members.len() - waiting) {
                    // Nobody joins any more: who is left out is a holder from outside.
                    self.full = Some(std::mem::replace(&mut self.least_meta, u32::MAX));
                }
            }
            // A chain: there is nothing else to look at while its header arrives.
            while !self.budget.exists
                && let [edge] = self.tracer.edges[..]
            {
                self.tracer.edges.clear();
                self.look_at(edge, &mut unexplained)?;
                if self.tracer.is_stirred {
                    break;
                }
            }
            self.take_batch(&mut batch)?;
            for &edge in &batch {
                self.look_at(edge, &mut unexplained)?;
            }
            if self.tracer.is_stirred {
                self.look_aside()?;
            }
        }
        self.traced = self.members.len();
        self.unexplained = unexplained;
        Ok(())
    }

    /// Takes some edges from the top of the stack; all, if they are few. They were fetched when they were
    /// put there, and are once more if that may be long ago.
    #[inline(always)]
    fn take_batch(&mut self, batch: &mut Vec<ObjectRef>) -> Result<(), NoVerdict> {
        batch.clear();
        let stack = &mut self.tracer.edges;
        if stack.len() < 2 * BATCH {
            std::mem::swap(batch, stack);
        } else {
            batch.try_reserve(BATCH).map_err(|_| out_of_memory())?;
            let top = stack.len() - BATCH;
            stack[top..].iter().for_each(|edge| edge.prefetch());
            batch.extend_from_slice(&stack[top..]);
            stack.truncate(top);
        }
        Ok(())
    }

    /// An edge explains a handle to a member, or makes one.
    #[inline(always)]
    fn look_at(&mut self, edge: ObjectRef, unexplained: &mut usize) -> Result<(), NoVerdict> {
        let meta = edge.meta();
        if meta & IN_SET != 0 {
            *unexplained -= usize::from(edge.explain_one(meta) || self.explain(edge));
        } else if admits(meta, self.least_meta) && self.owns(edge) {
            let others = edge.others_of_outsider(meta);
            *unexplained += others as usize;
            self.enter(edge, meta, None, others, 0)?;
            edge.trace(&mut self.tracer);
        } else if let Some(least_meta) = self.full
            && admits(meta, least_meta)
            && self.owns(edge)
        {
            self.complete = false;
        }
        Ok(())
    }

    /// Explains one handle to a member whose count is zero or kept beside. Returns whether it had a count.
    #[cold]
    #[inline(never)]
    fn explain(&mut self, object: ObjectRef) -> bool {
        match object.unexplained() {
            0 => over_reported(object),
            // The immortal have no count that could be explained.
            COUNT_BESIDE if object.is_immortal() => return false,
            _ => {
                let beside = self.beside.iter_mut().find(|(other, _)| *other == object);
                let (_, count) = beside.expect("a large count is kept beside");
                *count = count.checked_sub(1).unwrap_or_else(|| over_reported(object));
            }
        }
        true
    }

    fn is_held_from_outside(&self, object: ObjectRef) -> bool {
        match object.unexplained() {
            COUNT_BESIDE => self.beside.iter().any(|&(other, count)| other == object && count > 0),
            count => count > 0,
        }
    }

    /// Marks what is held from outside, and all that it leads to.
    fn reach_from_outside(&mut self) -> Result<(), NoVerdict> {
        debug_assert!(self.tracer.edges.is_empty());
        self.tracer.pass = Pass::Reach(self.judgement);
        if self.unexplained == 0 {
            return Ok(());
        }
        let mut batch = Vec::new();
        for number in 0..self.members.len() {
            if let Some(later) = self.members.get(number + AHEAD) {
                later.prefetch();
            }
            let root = self.members[number];
            if root.has(REACHED) || !self.is_held_from_outside(root) {
                continue;
            }
            self.reach(root);
            loop {
                if self.tracer.is_stirred {
                    self.look_aside()?;
                }
                match self.tracer.edges[..] {
                    [] => break,
                    // A chain.
                    [edge] => {
                        self.tracer.edges.clear();
                        self.reach(edge);
                    }
                    _ => {
                        self.take_batch(&mut batch)?;
                        batch.iter().for_each(|&edge| self.reach(edge));
                    }
                }
            }
        }
        Ok(())
    }

    /// A member lives, and its edges are to be followed.
    #[inline(always)]
    fn reach(&mut self, object: ObjectRef) {
        let meta = object.meta();
        if meta & (IN_SET | REACHED) == IN_SET {
            object.set(REACHED);
            object.trace(&mut self.tracer);
        }
    }

    /// Follows the entries of the weak containers that were found, and of those in what they carry.
    #[cold]
    #[inline(never)]
    fn look_aside(&mut self) -> Result<(), NoVerdict> {
        while let Some(registry) = self.tracer.registries.pop() {
            trace_entries_in(registry, &mut self.tracer);
        }
        if self.tracer.overflow {
            return Err(out_of_memory());
        }
        self.tracer.is_stirred = false;
        Ok(())
    }

    /// Takes a member out of the set, in the generation in which it entered: this one.
    fn leave(&self, object: ObjectRef) -> Generation {
        let generation = Generation::ALL[object.set_generation() as usize];
        object.set_field(self.heap.field_of(generation));
        object.clear(IN_SET | REACHED);
        generation
    }

    /// Everything is as before the judgement.
    fn forget(&mut self) {
        for object in std::mem::take(&mut self.members) {
            let generation = self.leave(object);
            if self.unmarked && object.has(SUSPECT) {
                object.page().mark_suspect(object, generation);
            }
        }
    }

    /// Carries out the verdict on the members: survivors move up, and are acquitted if the judgement
    /// was over all generations. Returns the garbage, doomed and pinned.
    fn settle(self, generation: Generation) -> Vec<ObjectRef> {
        let has_finalizers = self.has_finalizers();
        let Self { heap, mut members, unmarked, unexplained, .. } = self;
        // An epoch that is over once `promote` begins the next: one generation up.
        let field = heap.birth() >> FIELD_SHIFT;
        let acquitted = if generation == Generation::Old { SUSPECT } else { 0 };
        // Pinned, so that no header goes while a neighbour still points at it.
        let condemn = |object: ObjectRef| {
            object.pin_member();
            if has_finalizers {
                object.leave_set(object.meta(), field, Life::Doomed, 0);
            } else {
                object.leave_set(object.meta(), field, Life::Condemned, SUSPECT);
            }
        };
        if unexplained == 0 && unmarked && !has_finalizers {
            // The very most: all of it is garbage.
            for_each_fetched_ahead(&members, condemn);
        } else {
            retain_fetched_ahead(&mut members, |object| {
                let meta = object.meta();
                if meta & SUSPECT != 0 && !unmarked {
                    object.page().unmark_suspect(object);
                }
                if meta & REACHED == 0 {
                    condemn(object);
                    return true;
                }
                // Acquitted, before any user code runs (a finalizer may let go of it again).
                object.leave_set(meta, field, Life::Alive, meta & SUSPECT & !acquitted);
                if object.has(SUSPECT) {
                    object.page().mark_suspect(object, generation);
                }
                false
            });
        }
        // The marks of those who stay suspects move up with them.
        let (from, to) = (generation.index(), Generation::Old.index().min(generation.index() + 1));
        let mut pages = 0;
        heap.store.for_each_suspect_page(from, |page| {
            pages += usize::from(page.promote_suspects(from, to));
        });
        pages += usize::from(heap.leaf_suspects.get().is_some());
        if to == Generation::Old.index() {
            // They wait in Old from now on.
            heap.old_suspects.set(heap.old_suspects.get() + pages);
        }
        members
    }

    /// As `settle`, for a judgement cut short: nobody is acquitted, and nothing moves up.
    fn settle_in_place(mut self) -> Vec<ObjectRef> {
        let mut members = std::mem::take(&mut self.members);
        retain_fetched_ahead(&mut members, |object| {
            let reached = object.has(REACHED);
            self.leave(object);
            if !reached {
                object.add_ref();
                object.enter(Life::Doomed);
            }
            !reached
        });
        members
    }
}

/// `Vec::retain`, with each object fetched some steps ahead.
fn retain_fetched_ahead(list: &mut Vec<ObjectRef>, mut keep: impl FnMut(ObjectRef) -> bool) {
    let mut kept = 0;
    for at in 0..list.len() {
        if let Some(later) = list.get(at + AHEAD) {
            later.prefetch();
        }
        let object = list[at];
        if keep(object) {
            list[kept] = object;
            kept += 1;
        }
    }
    list.truncate(kept);
}
