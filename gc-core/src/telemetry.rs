//! Collections, told to the crates `tracing` and `metrics`: a span and warnings, gauges and a histogram.
//! Each only with the feature of its name.
//!
//! What listens there is other people's code, so it is called as the subscribers of a heap are: guarded.

use crate::error::{Hook, guarded};
use crate::report::Collection;
use crate::state::HeapRef;

/// A collection begins: its span, if somebody listens.
#[cfg(feature = "tracing")]
pub(crate) fn begin(heap: HeapRef, report: &Collection) -> Option<tracing::span::EnteredSpan> {
    guarded(heap, Hook::Subscriber, None, || spans::enter(report))
}

/// It has ended: its figures, and what is odd about them.
#[cfg(feature = "tracing")]
pub(crate) fn end(heap: HeapRef, span: Option<tracing::span::EnteredSpan>, report: &Collection) {
    guarded(heap, Hook::Subscriber, None, || spans::leave(&heap.idle_collections, span, report));
}

/// It has ended: counters, gauges, the pause.
#[cfg(feature = "metrics")]
pub(crate) fn record(heap: HeapRef, report: &Collection) {
    guarded(heap, Hook::Subscriber, None, || figures::record(heap, report));
}

#[cfg(feature = "tracing")]
mod spans {
    use std::cell::Cell;

    use tracing::field::Empty;
    use tracing::span::EnteredSpan;

    use super::Collection;
    use crate::report::Reason;
    use crate::settings::Generation;

    /// So many full collections in a row without garbage are told; then twice as many, and so on.
    const IDLE: usize = 4;

    pub(super) fn enter(report: &Collection) -> EnteredSpan {
        tracing::info_span!(
            target: "gc_core",
            "collection",
            generation = ?report.generation,
            reason = ?report.reason,
            candidates = Empty,
            collected = Empty,
            finalized = Empty,
            resurrected = Empty,
            bytes_freed = Empty,
            pause_us = Empty,
        )
        .entered()
    }

    pub(super) fn leave(idle: &Cell<usize>, span: Option<EnteredSpan>, report: &Collection) {
        if let Some(span) = &span {
            span.record("candidates", report.candidates);
            span.record("collected", report.collected);
            span.record("finalized", report.finalized);
            span.record("resurrected", report.resurrected);
            span.record("bytes_freed", report.bytes_freed);
            span.record("pause_us", u64::try_from(report.duration.as_micros()).unwrap_or(u64::MAX));
        }
        if let Some(why) = report.given_up {
            tracing::warn!(target: "gc_core", ?why, "a collection was given up, with everything alive");
        }
        let full = report.generation == Generation::Old && report.reason == Reason::Threshold;
        if full && report.complete {
            let in_a_row = if report.collected == 0 { idle.get() + 1 } else { 0 };
            idle.set(in_a_row);
            if in_a_row >= IDLE && in_a_row.is_power_of_two() {
                tracing::warn!(
                    target: "gc_core",
                    candidates = report.candidates,
                    "{in_a_row} full collections in a row freed nothing: raise the thresholds, or freeze \
                     what stays"
                );
            }
        }
    }
}

#[cfg(feature = "metrics")]
mod figures {
    use metrics::{counter, gauge, histogram};

    use super::{Collection, HeapRef};
    use crate::settings::Generation;

    #[expect(clippy::cast_precision_loss, reason = "gauges are floating-point numbers")]
    pub(super) fn record(heap: HeapRef, report: &Collection) {
        let generation = match report.generation {
            Generation::Young => "young",
            Generation::Middle => "middle",
            Generation::Old => "old",
        };
        counter!("gc_collections", "generation" => generation).increment(1);
        counter!("gc_objects_collected", "generation" => generation)
            .increment(report.collected as u64);
        counter!("gc_bytes_freed", "generation" => generation).increment(report.bytes_freed as u64);
        histogram!("gc_pause_seconds", "generation" => generation)
            .record(report.duration.as_secs_f64());
        gauge!("gc_live_objects").set(heap.store.live_objects() as f64);
        gauge!("gc_live_bytes").set(heap.store.live_bytes() as f64);
    }
}
