//! Events: who listens, and how an event goes up from its target to the root.

use std::cell::{Cell, RefCell};

use super::super::pointer::{Closure, Gc, Trace};
use super::node::Node;

/// What is called for an event. It may hold whatever it likes, its own node first of all.
pub(crate) type Listener = Closure<dyn Fn(&Event)>;

/// What has happened, and where.
pub(crate) struct Event {
    kind: &'static str,
    target: Gc<Node>,
    current: RefCell<Gc<Node>>,
    is_stopped: Cell<bool>,
}

impl Event {
    /// The node that the event was meant for.
    pub(crate) fn target(&self) -> &Gc<Node> {
        &self.target
    }

    /// The node whose listener is called.
    pub(crate) fn current(&self) -> Gc<Node> {
        self.current.borrow().clone()
    }

    /// The nodes above are not told.
    pub(crate) fn stop(&self) {
        self.is_stopped.set(true);
    }
}

/// The listeners of one node, in the order in which they came.
#[derive(Default, Trace)]
pub(crate) struct Listeners(RefCell<Vec<Registered>>);

#[derive(Clone, Trace)]
struct Registered {
    kind: &'static str,
    listener: Listener,
}

impl Listeners {
    pub(crate) fn add(&self, kind: &'static str, listener: &Listener) {
        self.0.borrow_mut().push(Registered { kind, listener: listener.clone() });
    }

    /// Takes a listener away, for all kinds of events.
    pub(crate) fn remove(&self, listener: &Listener) {
        // Kept apart: what dies with a listener may be anything, and may ask for the list.
        let removed: Vec<Registered> = {
            let mut all = self.0.borrow_mut();
            let is_it = |one: &mut Registered| Listener::ptr_eq(&one.listener, listener);
            all.extract_if(.., is_it).collect()
        };
        drop(removed);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn has(&self, listener: &Listener) -> bool {
        self.0.borrow().iter().any(|one| Listener::ptr_eq(&one.listener, listener))
    }
}

/// Tells the listeners of `target` and of all nodes above it, and gives how many were told.
///
/// The way up is settled before the first is called, whatever they do to the tree. A listener that comes
/// while its node is at it waits for the next event; one that has gone is not called any more.
pub(crate) fn dispatch(target: &Gc<Node>, kind: &'static str) -> usize {
    let path: Vec<Gc<Node>> =
        std::iter::successors(Some(target.clone()), |node| node.parent()).collect();
    let event = Event {
        kind,
        target: target.clone(),
        current: RefCell::new(target.clone()),
        is_stopped: Cell::new(false),
    };
    let mut told = 0;
    for node in path {
        event.current.replace(node.clone());
        let listeners = node.listeners.0.borrow().clone();
        for Registered { kind, listener } in listeners {
            if kind == event.kind && node.listeners.has(&listener) {
                listener(&event);
                told += 1;
            }
        }
        if event.is_stopped.get() {
            break;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::super::pointer::{Heap, closure};
    use super::super::change::new_element;
    use super::super::node::append;
    use super::*;

    /// Three elements, each in the one before.
    fn nested(heap: &Heap) -> [Gc<Node>; 3] {
        let nodes = ["a", "b", "c"].map(|name| new_element(heap, name));
        append(&nodes[0], &nodes[1]);
        append(&nodes[1], &nodes[2]);
        nodes
    }

    /// A listener that writes down its name and that of the node it is called for.
    fn scribe(heap: &Heap, log: &Rc<Log>, name: &'static str) -> Listener {
        closure!(in heap; [log = log.clone(), name = name] |event: &Event| {
            let note = format!("{name}@{} ", event.current().element().expect("one").name.local);
            log.set(log.take() + &note);
        })
    }

    type Log = Cell<String>;

    #[test]
    fn an_event_goes_from_its_target_up() {
        let heap = Heap::new();
        let [a, b, c] = nested(&heap);
        let log = Rc::new(Log::default());
        for (node, name) in [(&a, "1"), (&c, "2"), (&b, "3"), (&c, "4")] {
            node.listeners.add("click", &scribe(&heap, &log, name));
        }
        b.listeners.add("key", &scribe(&heap, &log, "5"));
        assert_eq!(dispatch(&c, "click"), 4);
        assert_eq!(log.take(), "2@c 4@c 3@b 1@a ");
        assert_eq!((dispatch(&b, "key"), dispatch(&b, "click"), dispatch(&a, "key")), (1, 2, 0));
        assert_eq!(log.take(), "5@b 3@b 1@a ");
    }

    #[test]
    fn a_listener_may_stop_the_event_on_its_way() {
        let heap = Heap::new();
        let [a, b, c] = nested(&heap);
        let log = Rc::new(Log::default());
        let stop: Listener = closure!(in &heap; [] |event: &Event| event.stop());
        b.listeners.add("click", &stop);
        for node in [&a, &b] {
            node.listeners.add("click", &scribe(&heap, &log, "1"));
        }
        // All listeners of the node that stops it are told.
        assert_eq!((dispatch(&c, "click"), log.take()), (2, "1@b ".into()));
        b.listeners.remove(&stop);
        assert_eq!((dispatch(&c, "click"), log.take()), (2, "1@b 1@a ".into()));
    }

    #[test]
    fn listeners_may_change_the_tree_and_each_other() {
        let heap = Heap::new();
        let [a, b, c] = nested(&heap);
        let log = Rc::new(Log::default());
        let second = scribe(&heap, &log, "second");
        let late = scribe(&heap, &log, "late");
        let first: Listener = closure!(in &heap;
        [second = second.clone(), late = late.clone()] |event: &Event| {
            let node = event.current();
            node.listeners.remove(second);
            node.listeners.add("click", late);
            node.detach();
        });
        b.listeners.add("click", &first);
        b.listeners.add("click", &second);
        a.listeners.add("click", &scribe(&heap, &log, "top"));
        assert_eq!((dispatch(&c, "click"), log.take()), (2, "top@a ".into()));
        assert!(b.parent().is_none());
        b.listeners.remove(&first);
        assert_eq!((dispatch(&c, "click"), log.take()), (1, "late@b ".into()));
        assert!(Gc::ptr_eq(&c.parent().expect("a parent"), &b));
    }
}
