//! The node types, written once for all contestants whose handles are ordinary values.

/// Defines the node types with the given attributes, over the `Handle`, `Cell` and `BackCell` that
/// are in scope.
macro_rules! nodes {
    ($(#[$attribute:meta])*) => {
        $(#[$attribute])*
        pub(crate) struct Words<const W: usize> {
            words: [u64; W],
        }

        $(#[$attribute])*
        pub(crate) struct Chain<const W: usize> {
            next: Option<Handle<Chain<W>>>,
            words: [u64; W],
        }

        $(#[$attribute])*
        pub(crate) struct Tree {
            left: Option<Handle<Tree>>,
            right: Option<Handle<Tree>>,
        }

        $(#[$attribute])*
        pub(crate) struct Knot<const E: usize> {
            edges: [Cell<Knot<E>>; E],
            number: u64,
        }

        $(#[$attribute])*
        pub(crate) struct Kin<const E: usize> {
            children: [Cell<Kin<E>>; E],
            parent: BackCell<Kin<E>>,
            number: u64,
        }
    };
}

/// Implements `Graph` over the types of `nodes!`; the arguments are what differs.
macro_rules! graph {
    (reclaims: $reclaims:ident, collect: $collect:block) => {
        /// The contestant of this file.
        pub(crate) struct Contestant;

        impl $crate::contestants::Graph for Contestant {
            const RECLAIMS: $crate::contestants::Reclaims =
                $crate::contestants::Reclaims::$reclaims;

            type Leaf<const W: usize> = Handle<Words<W>>;
            type Chain<const W: usize> = Handle<Chain<W>>;
            type Tree = Handle<Tree>;
            type Knot<const E: usize> = Handle<Knot<E>>;
            type Kin<const E: usize> = Handle<Kin<E>>;

            #[inline]
            fn leaf<const W: usize>(words: [u64; W]) -> Self::Leaf<W> {
                Handle::new(Words { words })
            }

            #[inline]
            fn leaf_words<const W: usize>(leaf: &Self::Leaf<W>) -> &[u64; W] {
                &leaf.words
            }

            #[inline]
            fn chain<const W: usize>(
                next: Option<Self::Chain<W>>,
                words: [u64; W],
            ) -> Self::Chain<W> {
                Handle::new(Chain { next, words })
            }

            #[inline]
            fn next<const W: usize>(chain: &Self::Chain<W>) -> Option<&Self::Chain<W>> {
                chain.next.as_ref()
            }

            #[inline]
            fn words<const W: usize>(chain: &Self::Chain<W>) -> &[u64; W] {
                &chain.words
            }

            #[inline]
            fn tree(left: Option<Self::Tree>, right: Option<Self::Tree>) -> Self::Tree {
                Handle::new(Tree { left, right })
            }

            #[inline]
            fn branches(tree: &Self::Tree) -> [Option<&Self::Tree>; 2] {
                [tree.left.as_ref(), tree.right.as_ref()]
            }

            #[inline]
            fn knot<const E: usize>(
                edges: [Option<Self::Knot<E>>; E],
                number: u64,
            ) -> Self::Knot<E> {
                Handle::new(Knot { edges: edges.map(Edge::holding), number })
            }

            #[inline]
            fn tie<const E: usize>(from: &Self::Knot<E>, edge: usize, to: Option<Self::Knot<E>>) {
                Edge::set(&from.edges[edge], to);
            }

            #[inline]
            fn tied<const E: usize>(from: &Self::Knot<E>, edge: usize) -> Option<Self::Knot<E>> {
                Edge::handle(&from.edges[edge])
            }

            #[inline]
            fn knot_number<const E: usize>(knot: &Self::Knot<E>) -> u64 {
                knot.number
            }

            #[inline]
            fn kin<const E: usize>(number: u64) -> Self::Kin<E> {
                let children = std::array::from_fn(|_| Edge::holding(None));
                Handle::new(Kin { children, parent: Back::empty(), number })
            }

            #[inline]
            fn child<const E: usize>(kin: &Self::Kin<E>, edge: usize) -> Option<Self::Kin<E>> {
                Edge::handle(&kin.children[edge])
            }

            #[inline]
            fn set_child<const E: usize>(
                kin: &Self::Kin<E>,
                edge: usize,
                child: Option<Self::Kin<E>>,
            ) {
                Edge::set(&kin.children[edge], child);
            }

            #[inline]
            fn parent<const E: usize>(kin: &Self::Kin<E>) -> Option<Self::Kin<E>> {
                Back::parent(&kin.parent)
            }

            #[inline]
            fn set_parent<const E: usize>(kin: &Self::Kin<E>, parent: &Self::Kin<E>) {
                Back::point(&kin.parent, parent);
            }

            #[inline]
            fn kin_number<const E: usize>(kin: &Self::Kin<E>) -> u64 {
                kin.number
            }

            fn collect() $collect
        }
    };
}

/// Implements a `Trace` that has one method over every field that may hold a handle, for crates
/// whose arrays cannot be traced by a derive.
macro_rules! trace_by_hand {
    ($trace:path, $tracer:ty) => {
        impl<const W: usize> $trace for Chain<W> {
            fn trace(&self, tracer: &mut $tracer) {
                self.next.trace(tracer);
            }
        }

        impl $trace for Tree {
            fn trace(&self, tracer: &mut $tracer) {
                self.left.trace(tracer);
                self.right.trace(tracer);
            }
        }

        impl<const E: usize> $trace for Knot<E> {
            fn trace(&self, tracer: &mut $tracer) {
                self.edges.iter().for_each(|edge| edge.trace(tracer));
            }
        }

        impl<const E: usize> $trace for Kin<E> {
            fn trace(&self, tracer: &mut $tracer) {
                self.children.iter().for_each(|edge| edge.trace(tracer));
                self.parent.trace(tracer);
            }
        }
    };
}
