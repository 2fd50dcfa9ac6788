//! When collections happen, and what one consists of.

use std::time::Instant;

use crate::debug::{DebugFlags, DebugRecord};
use crate::error::{Hook, Operation, report_panic};
use crate::event::{self, Phase};
use crate::judge::{self, NoVerdict, Verdict};
use crate::object::{FINALIZER, FROZEN, ObjectRef};
use crate::reclaim::release;
use crate::report::{Collection, Reason, Skipped};
use crate::settings::{Budget, Generation};
use crate::shutdown::shut_down;
use crate::state::{HeapRef, HeapState};
use crate::sweep;
#[cfg(any(feature = "tracing", feature = "metrics"))]
use crate::telemetry;
use crate::verify::verify;

/// A tracked object is to be allocated and the fuel is used up: collects what is due.
#[cold]
#[inline(never)]
pub(crate) fn out_of_fuel(heap: HeapRef) {
    if heap.is_judging() {
        // Only a `Trace` that breaks its contract allocates here.
        heap.misbehaved.set(true);
        return;
    }
    if let Some(generation) = due(&heap) {
        collect(heap, generation, Reason::Threshold, None);
    }
    // A hook may have closed the heap, or a collection may be running: look again some time later.
    heap.refuel();
}

/// The generation whose collection is due, the oldest that is (CPython's `gc_collect_generations`).
fn due(heap: &HeapState) -> Option<Generation> {
    if !heap.may_collect_by_itself() {
        return None;
    }
    let thresholds = heap.thresholds.get();
    let counts = heap.counts();
    // The object that is about to be allocated counts.
    let by_count = thresholds.young > 0 && counts.young + 1 > thresholds.young;
    let by_bytes = thresholds.young_bytes > 0 && heap.fresh_bytes() > thresholds.young_bytes;
    let due = by_count || by_bytes;
    if due && counts.old > thresholds.old && enough_is_old(heap, thresholds.full_ratio)
        || suspects_wait(heap)
    {
        return Some(Generation::Old);
    }
    if due && counts.middle > thresholds.middle {
        return Some(Generation::Middle);
    }
    due.then_some(Generation::Young)
}

/// CPython's quarter rule: a full collection costs as much as what is old, so it waits until the old
/// have grown by a share.
fn enough_is_old(heap: &HeapState, ratio: f64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
    let share = heap.old_total.get() as f64 * ratio;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let pending = heap.old_pending.get() as f64;
    pending > share
}

/// Somebody let go of old objects, and as much was allocated since the last full collection as one
/// costs. Without this, a program that only makes temporaries would never sweep a big old cycle.
fn suspects_wait(heap: &HeapState) -> bool {
    heap.old_suspects.get() > 0
        && heap.allocated() > heap.live().max(heap.thresholds.get().young.saturating_mul(10))
}

/// Undoes the mark of a running collection, whatever way it ends.
struct Collecting(HeapRef);

impl Collecting {
    fn begin(heap: HeapRef) -> Self {
        heap.hold();
        heap.collecting.set(true);
        Self(heap)
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        self.0.collecting.set(false);
        self.0.refuel();
        if self.0.ends_when_idle.take() {
            let _ = shut_down(self.0);
        }
        self.0.let_go();
    }
}

/// Collects the generations up to `generation`.
pub(crate) fn collect(
    heap: HeapRef,
    generation: Generation,
    reason: Reason,
    budget: Option<Budget>,
) -> Collection {
    let mut report = Collection::new(generation, reason);
    if heap.is_judging() {
        heap.misbehaved.set(true);
    }
    if heap.collecting.get() {
        report.skipped = Some(Skipped::AlreadyCollecting);
        return report;
    }
    let operation = Operation::begin();
    let collecting = Collecting::begin(heap);
    if cfg!(gc_verify) {
        verify(&heap).raise();
    }
    let start = Instant::now();
    #[cfg(feature = "tracing")]
    let span = telemetry::begin(heap, &report);
    event::tell(heap, Phase::Start, &report);
    tell_start(heap, generation);

    match judge::judge(heap, generation, budget) {
        Ok(verdict) => end_garbage(heap, verdict, &mut report),
        Err(error) => give_up(&heap, error, &mut report),
    }
    if generation == Generation::Old && report.complete {
        heap.old_total.set(heap.live());
        heap.old_pending.set(0);
        heap.store.all_was_judged();
    }

    report.duration = start.elapsed();
    let mut stats = heap.stats.get();
    stats[generation.index()].add(&report);
    heap.stats.set(stats);
    tell_done(heap, &report);
    event::tell(heap, Phase::Stop, &report);
    #[cfg(feature = "tracing")]
    telemetry::end(heap, span, &report);
    #[cfg(feature = "metrics")]
    telemetry::record(heap, &report);
    if cfg!(gc_verify) {
        verify(&heap).raise();
    }
    drop(collecting);
    operation.end();
    report
}

/// Takes the garbage of a verdict through its end.
fn end_garbage(heap: HeapRef, verdict: Verdict, report: &mut Collection) {
    let Verdict { mut garbage, condemned, candidates, complete } = verdict;
    report.candidates = candidates;
    report.complete = complete;
    // Finalizers see the whole graph. They may store a handle, so what they saw is judged again.
    if !condemned && garbage.iter().any(|object| object.has(FINALIZER)) {
        report.finalized = sweep::finalize_doomed(&garbage);
        let (still_garbage, resurrected, error) = judge::judge_again(heap, garbage);
        garbage = still_garbage;
        report.resurrected = resurrected;
        if let Some(error) = error {
            give_up(&heap, error, report);
        }
    }
    if !condemned {
        sweep::condemn(&garbage);
    }
    let debug = heap.debug.get();
    if debug.contains(DebugFlags::SAVE_ALL)
        && heap.garbage.borrow_mut().try_reserve(garbage.len()).is_ok()
    {
        tell_of_each(heap, &garbage, true);
        report.uncollectable = garbage.len();
        sweep::keep(&garbage);
        heap.garbage.borrow_mut().extend_from_slice(&garbage);
    } else {
        tell_of_each(heap, &garbage, false);
        let swept = sweep::sweep(heap, &garbage);
        report.collected = swept.objects;
        report.bytes_freed = swept.bytes;
    }
}

/// The collection stops with everything alive.
#[cold]
fn give_up(heap: &HeapState, error: NoVerdict, report: &mut Collection) {
    report.given_up = Some(error.why);
    report.complete = false;
    if let Some(payload) = error.payload {
        report_panic(heap, Hook::Trace, None, payload);
    }
    // What a `Trace` dropped meanwhile ends now, as it would have then.
    let died = heap.died_while_judging.take();
    died.into_iter().for_each(release);
}

fn tell_start(heap: HeapRef, generation: Generation) {
    if heap.debug.get().contains(DebugFlags::STATS) {
        let mut sizes = [0; 3];
        heap.for_each_tracked(|object| {
            if !object.has(FROZEN) {
                sizes[heap.generation_of(object.field()).index()] += 1;
            }
        });
        let frozen = heap.frozen.get();
        crate::debug::tell(heap, DebugRecord::Start { generation, sizes, frozen });
    }
}

fn tell_of_each(heap: HeapRef, garbage: &[ObjectRef], kept: bool) {
    let debug = heap.debug.get();
    let as_kept = kept && debug.contains(DebugFlags::UNCOLLECTABLE);
    if !as_kept && !debug.contains(DebugFlags::COLLECTABLE) {
        return;
    }
    for object in garbage {
        let (type_name, address) = (object.type_name(), object.value().addr().get());
        let record = if as_kept {
            DebugRecord::Uncollectable { type_name, address }
        } else {
            DebugRecord::Collectable { type_name, address }
        };
        crate::debug::tell(heap, record);
    }
}

fn tell_done(heap: HeapRef, report: &Collection) {
    if heap.debug.get().contains(DebugFlags::STATS) {
        let unreachable = report.collected + report.uncollectable;
        let (uncollectable, elapsed) = (report.uncollectable, report.duration);
        crate::debug::tell(heap, DebugRecord::Done { unreachable, uncollectable, elapsed });
    }
}
