//! How the entries of weak containers take part in a judgement.
//!
//! What an entry carries is held by its member and by the owner of its registry, together: it is reached
//! only if both are. (So it is with the value in a map with weak keys, and with the key in one with weak
//! values. The literature has the word *ephemeron*.) In terms of the two passes:
//!
//! 1. Closure follows an entry from either end, and explains what it holds once.
//! 2. Reaching follows it when the second of its ends is reached. An end outside the set counts as alive.
//!
//! Either end finds its entries without a search, so each entry is looked at twice in a pass, whatever
//! enables it.

use std::cell::Cell;

use crate::entry::entries_of;
use crate::object::{IN_SET, ObjectRef, REACHED};
use crate::registry::RegistryRef;
use crate::trace::Tracer;

/// What a tracer is used for.
#[derive(Clone, Copy)]
pub(crate) enum Pass {
    /// Somebody asks for the edges of one object.
    Inspect,
    /// The closure of the judgement with this number: handles are explained.
    Explain(u64),
    /// Its second pass: what is reached from outside is marked.
    Reach(u64),
}

thread_local! {
    static JUDGEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// A number that no other judgement has.
pub(crate) fn new_judgement() -> u64 {
    JUDGEMENTS.set(JUDGEMENTS.get() + 1);
    JUDGEMENTS.get()
}

/// A member's end of its entries: the member is traced in this pass.
#[cold]
#[inline(never)]
pub(crate) fn trace_entries_of(member: ObjectRef, tracer: &mut Tracer<'_>) {
    let pass = tracer.pass;
    for entry in entries_of(member).filter(|entry| entry.is_traced()) {
        let Some(registry) = entry.registry() else { continue };
        let follow = match pass {
            // Shown as what the container's owner holds.
            Pass::Inspect => false,
            Pass::Explain(judgement) => entry.explain(judgement),
            Pass::Reach(judgement) => registry.is_reached(judgement),
        };
        if follow {
            registry.kept_as_it_is(|| entry.trace(tracer));
        }
    }
}

/// A registry's end of its entries: its owner was traced in this pass.
pub(crate) fn trace_entries_in(registry: RegistryRef, tracer: &mut Tracer<'_>) {
    let pass = tracer.pass;
    let is_news = match pass {
        Pass::Inspect => true,
        Pass::Explain(judgement) => registry.find(judgement),
        Pass::Reach(judgement) => registry.reach(judgement),
    };
    if !is_news {
        return;
    }
    registry.for_each_entry(|entry| {
        let follow = entry.is_traced()
            && match pass {
                Pass::Inspect => true,
                Pass::Explain(judgement) => entry.explain(judgement),
                Pass::Reach(_) => {
                    let member = entry.member();
                    !member.has(IN_SET) || member.has(REACHED)
                }
            };
        if follow {
            entry.trace(tracer);
        }
    });
}
