//! petgraph 0.8: graphs of indices, whose weights may hold handles.

use petgraph_0_8::EdgeType;
use petgraph_0_8::graph::{Graph, IndexType};
use petgraph_0_8::stable_graph::StableGraph;

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

macro_rules! graphs {
    ($($graph:ident)+) => {$(
        // SAFETY: the graph owns its weights, and each is visited once.
        unsafe impl<N: Trace, E: Trace, Ty, Ix> Trace for $graph<N, E, Ty, Ix>
        where
            Ty: EdgeType + 'static,
            Ix: IndexType + 'static,
        {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if is_worth_a_visit::<N>() {
                    self.node_weights().for_each(|weight| weight.trace(tracer));
                }
                if is_worth_a_visit::<E>() {
                    self.edge_weights().for_each(|weight| weight.trace(tracer));
                }
            }

            fn inspect(&self, mut inspector: Inspector<'_>) {
                for (weight, index) in self.node_weights().zip(0..) {
                    weight.inspect(inspector.field("nodes").index(index));
                }
                for (weight, index) in self.edge_weights().zip(0..) {
                    weight.inspect(inspector.field("edges").index(index));
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                part_may_hold_gc::<N>(depth) || part_may_hold_gc::<E>(depth)
            }
        }

        impl<N: GcFree, E: GcFree, Ty: 'static, Ix: 'static> GcFree for $graph<N, E, Ty, Ix> {}
    )+};
}

graphs! { Graph StableGraph }
