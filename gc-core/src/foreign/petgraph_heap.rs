//! A heap as a graph of petgraph's, for the algorithms that are there.

use std::collections::HashMap;

use petgraph_0_8::algo::kosaraju_scc;
use petgraph_0_8::graph::{DiGraph, NodeIndex};

use crate::any::{AnyGc, edges_of};
use crate::heap::Heap;
use crate::object::ObjectRef;

impl Heap {
    /// The tracked objects of the heap and the handles among them, as a graph of petgraph's. Each weight
    /// is a handle to its object. Feature `petgraph-0_8`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let inner = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// let outer = Gc::new_in(&heap, (inner.clone(), inner));
    /// let graph = heap.to_petgraph();
    /// assert_eq!((graph.node_count(), graph.edge_count()), (2, 2)); // a number is no tracked object
    /// # drop(outer);
    /// ```
    #[must_use]
    pub fn to_petgraph(&self) -> DiGraph<AnyGc, ()> {
        let objects = self.objects();
        let mut graph = DiGraph::with_capacity(objects.len(), objects.len());
        let nodes: HashMap<ObjectRef, NodeIndex> =
            objects.into_iter().map(|any| (any.object(), graph.add_node(any))).collect();
        for from in graph.node_indices() {
            for edge in edges_of(graph[from].object()) {
                if let Some(&to) = nodes.get(&edge) {
                    graph.add_edge(from, to, ());
                }
            }
        }
        graph
    }

    /// The strongly connected components of the heap: each cycle with whatever else holds it and is held
    /// by it. Objects that are in no cycle are left out. What is led to comes before what leads to it.
    /// Feature `petgraph-0_8`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// let ring = [(); 3].map(|()| Gc::new_in(&heap, Node(Slot::empty())));
    /// (0..3).for_each(|i| ring[i].0.set(Some(ring[(i + 1) % 3].clone())));
    /// let outside = Gc::new_in(&heap, Node(Slot::new(Some(ring[0].clone()))));
    ///
    /// let cycles = heap.cycles();
    /// assert_eq!(cycles.len(), 1);
    /// assert_eq!(cycles[0].len(), 3);
    /// # drop(outside);
    /// ```
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<AnyGc>> {
        let graph = self.to_petgraph();
        // Not Tarjan's, which petgraph has as a recursion.
        let components = kosaraju_scc(&graph).into_iter().filter(|component| match component[..] {
            [one] => graph.contains_edge(one, one),
            _ => true,
        });
        let handles = |component: Vec<NodeIndex>| {
            component.into_iter().map(|node| graph[node].clone()).collect()
        };
        components.map(handles).collect()
    }
}
