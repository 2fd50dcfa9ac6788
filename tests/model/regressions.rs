//! Programs that once showed something, or that hold a rule which is easily broken. What the model
//! prints for a difference goes here, with a name that says what it was.

use crate::program::op::{Age, Deed, Op, Shape};
use crate::program::{Program, Setting};

const PLAIN: Setting =
    Setting { hostile: false, automatic: false, two_heaps: false, threaded: false, aged: false };
const HOSTILE: Setting = Setting { hostile: true, ..PLAIN };

/// A node that does `last` when it is finalized.
const fn node(last: Deed, number: u8) -> Op {
    Op::Make { shape: Shape::Node, last, dropped: Deed::Nothing, number, heap: 0 }
}

const PLAIN_NODE: Op = node(Deed::Nothing, 0);
const SELF_LINK: Op = Op::Link { root: 0, at: 0, target: 0 };
const DROP: Op = Op::Drop { root: 0 };
const COLLECT: Op = Op::Collect { age: Age::Old, heap: 0 };

/// All of them, by name.
pub(crate) fn programs() -> Vec<(&'static str, Program)> {
    let plain = |name, ops: &[Op]| (name, Program { setting: PLAIN, ops: ops.to_vec() });
    let hostile = |name, ops: &[Op]| (name, Program { setting: HOSTILE, ops: ops.to_vec() });
    let automatic = |name, ops: &[Op]| {
        (name, Program { setting: Setting { automatic: true, ..HOSTILE }, ops: ops.to_vec() })
    };
    vec![
        plain(
            "a young suspect that a partial collection must not acquit",
            &[
                PLAIN_NODE,
                COLLECT,
                PLAIN_NODE,
                // Old and young hold each other, and only the young one is ever let go of.
                Op::Link { root: 0, at: 0, target: 1 },
                Op::MoveInto { root: 0, at: 0, moved: 0 },
                DROP,
                Op::Collect { age: Age::Young, heap: 0 },
                COLLECT,
            ],
        ),
        plain(
            "a last handle that goes into its own ring through a loan",
            &[PLAIN_NODE, SELF_LINK, Op::Loan { root: 0, at: 0 }, COLLECT],
        ),
        plain(
            "garbage that was frozen, after the thaw",
            &[
                PLAIN_NODE,
                SELF_LINK,
                Op::Freeze { heap: 0 },
                DROP,
                COLLECT,
                Op::Unfreeze { heap: 0 },
                COLLECT,
            ],
        ),
        plain(
            "a ring whose cell is borrowed is garbage one collection later",
            &[
                PLAIN_NODE,
                SELF_LINK,
                Op::Clone { root: 0 },
                Op::Drop { root: 1 },
                Op::CollectBorrowed { root: 0, at: 0, age: Age::Old, heap: 0 },
                DROP,
                COLLECT,
            ],
        ),
        plain(
            "a value that moves away from its weak handles leaves their calls behind",
            &[
                PLAIN_NODE,
                Op::MakeWeak { root: 0 },
                Op::Watch { root: 0, deed: Deed::Nothing, number: 0 },
                Op::MakeMut { root: 0 },
                Op::Upgrade { weak: 0 },
            ],
        ),
        plain("a ring across the end of a thread", &[PLAIN_NODE, SELF_LINK, DROP, PLAIN_NODE])
            .on_a_thread(),
        plain("a root across the end of a thread", &[PLAIN_NODE, SELF_LINK, PLAIN_NODE])
            .on_a_thread(),
        hostile(
            "a ring that its finalizer ties anew",
            &[node(Deed::Allocate, 0), SELF_LINK, DROP, COLLECT, COLLECT],
        ),
        hostile(
            "a finalizer that keeps all that its object holds",
            &[
                node(Deed::ResurrectAll, 0),
                PLAIN_NODE,
                SELF_LINK,
                Op::MoveInto { root: 0, at: 0, moved: 1 },
                DROP,
                COLLECT,
            ],
        ),
        hostile(
            "the second judgement is given up, and a finalizer has cut objects off",
            &[
                node(Deed::Suicide, 0),
                PLAIN_NODE,
                Op::Link { root: 0, at: 0, target: 0 },
                Op::Link { root: 0, at: 0, target: 1 },
                Op::Drop { root: 1 },
                DROP,
                Op::CollectInVain { age: Age::Old, visits: 2, heap: 0 },
                COLLECT,
            ],
        ),
        hostile(
            "an object in Middle waits for its end while all of Middle grows old, and comes back",
            &[
                node(Deed::ResurrectItself, 0),
                PLAIN_NODE,
                Op::MoveInto { root: 0, at: 0, moved: 0 },
                Op::Cleanup { root: 0, deed: Deed::Collect, number: 14 },
                Op::Collect { age: Age::Young, heap: 0 },
                DROP,
            ],
        ),
        hostile(
            "a cleanup collects while make_mut moves the value",
            &[
                PLAIN_NODE,
                Op::Cleanup { root: 0, deed: Deed::Collect, number: 4 },
                Op::MakeWeak { root: 0 },
                Op::MakeMut { root: 0 },
            ],
        ),
        automatic(
            "a watch allocates, and so collects, while make_mut moves the value",
            &[
                Op::MakeCyclic { inside: Deed::Nothing, number: 0, heap: 0 },
                Op::Upgrade { weak: 0 },
                Op::Upgrade { weak: 0 },
                Op::Upgrade { weak: 0 },
                Op::MakeMut { root: 0 },
                PLAIN_NODE,
                Op::Watch { root: 173, deed: Deed::Allocate, number: 0 },
                Op::MakeHolding { moved: 1, heap: 0 },
                Op::MakeMut { root: 0 },
                Op::Upgrade { weak: 0 },
                Op::MakeHolding { moved: 0, heap: 0 },
                Op::MakeMut { root: 255 },
            ],
        ),
    ]
}

trait OnAThread {
    fn on_a_thread(self) -> Self;
}

impl OnAThread for (&'static str, Program) {
    fn on_a_thread(mut self) -> Self {
        self.1.setting.threaded = true;
        self
    }
}
