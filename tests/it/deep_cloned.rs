//! `Gc::deep_clone`. The bugs hunted here: sharing lost, a cycle lost, a handle that leads back to the
//! original, recursion, a hook that does not do what it should.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::{Clones, DeepClone, Handles};

use crate::support::*;

#[derive(Trace, DeepClone, Default)]
struct Node {
    n: u32,
    next: Slot<Node>,
    edges: RefCell<Vec<Gc<Node>>>,
    fixed: Vec<Gc<Node>>,
    back: Weak<Node>,
    by_name: HashMap<String, (u8, Option<Gc<Node>>)>,
    once: OnceCell<Box<Gc<Node>>>,
    #[deep_clone(clone)]
    shared: Option<Gc<Node>>,
}

fn node(world: &World, n: u32) -> Gc<Node> {
    Gc::new_in(&world.heap, Node { n, ..Node::default() })
}

#[test]
fn sharing_and_cycles_are_kept() {
    let world = World::quiet();
    let shared = node(&world, 2);
    let one =
        Gc::new_in(&world.heap, Node { n: 1, fixed: vec![shared.clone(); 2], ..Node::default() });
    shared.next.set(Some(one.clone()));
    shared.edges.borrow_mut().extend([one.clone(), shared.clone()]);
    let copy = Gc::deep_clone(&one);
    let [a, b] = &copy.fixed[..] else { panic!("two") };
    assert!(Gc::ptr_eq(a, b) && !Gc::ptr_eq(a, &shared));
    assert!(Gc::ptr_eq(&a.next.get().unwrap(), &copy));
    assert!(Gc::ptr_eq(&a.edges.borrow()[0], &copy));
    assert!(Gc::ptr_eq(&a.edges.borrow()[1], a));
    assert_eq!((copy.n, a.n), (1, 2));
    assert_eq!(Gc::walk(&copy).count(), 2, "nothing leads to the original");
    assert_eq!(Gc::heap(&copy), world.heap);
    drop((one, shared));
    assert_eq!(world.heap.collect().collected, 2, "the clone holds nothing of the original");
    drop(copy);
    world.finish([], &[]);
}

#[test]
fn every_place_of_a_handle_is_relinked() {
    let world = World::quiet();
    let target = node(&world, 9);
    let kept = node(&world, 8);
    let holder = Gc::new_in(
        &world.heap,
        Node {
            by_name: HashMap::from([
                ("a".into(), (1, Some(target.clone()))),
                ("b".into(), (2, None)),
            ]),
            shared: Some(kept.clone()),
            back: Gc::downgrade(&target),
            ..Node::default()
        },
    );
    holder.once.set(Box::new(target.clone())).ok().unwrap();
    let copy = Gc::deep_clone(&holder);
    let new = copy.by_name["a"].1.clone().unwrap();
    assert!(!Gc::ptr_eq(&new, &target));
    assert!(Gc::ptr_eq(copy.once.get().unwrap(), &new));
    assert!(Gc::ptr_eq(&copy.back.upgrade().unwrap(), &new));
    assert!(Gc::ptr_eq(copy.shared.as_ref().unwrap(), &kept), "it was said to be cloned as it is");
    drop((holder, copy, new, target, kept));
    world.finish([], &[]);
}

#[test]
fn a_weak_handle_without_a_cell_leads_to_the_clone_that_comes_later() {
    let world = World::quiet();
    let root = Gc::new_cyclic_in(&world.heap, |me| {
        let child = Node { n: 1, back: me.clone(), ..Node::default() };
        Node { fixed: vec![Gc::new_in(&world.heap, child)], ..Node::default() }
    });
    let outside = node(&world, 5);
    root.fixed[0].next.set(Some(Gc::new_in(
        &world.heap,
        Node { back: Gc::downgrade(&outside), ..Node::default() },
    )));
    let copy = Gc::deep_clone(&root);
    assert!(Gc::ptr_eq(&copy.fixed[0].back.upgrade().unwrap(), &copy));
    let further = copy.fixed[0].next.get().unwrap();
    assert!(Gc::ptr_eq(&further.back.upgrade().unwrap(), &outside), "what is not cloned stays");
    assert!(Gc::deep_clone(&outside).back.is_dead());
    drop((root, copy, further, outside));
    world.finish([], &[]);
}

#[test]
fn containers_and_variants_of_all_kinds() {
    #[derive(Trace, DeepClone)]
    enum Kind<T> {
        Empty,
        Pair(T, Gc<u32>),
        Named { list: VecDeque<T>, map: BTreeMap<u8, [RefCell<Option<T>>; 2]> },
    }
    #[derive(Trace, DeepClone)]
    enum Never {}

    let five = Gc::new(5);
    let kinds = Gc::new((
        Kind::<Gc<u32>>::Empty,
        Kind::Pair(five.clone(), five.clone()),
        Kind::Named {
            list: VecDeque::from([five.clone()]),
            map: BTreeMap::from([(1, [RefCell::new(None), RefCell::new(Some(five.clone()))])]),
        },
        None::<Never>,
    ));
    let copy = Gc::deep_clone(&kinds);
    let (Kind::Empty, Kind::Pair(a, b), Kind::Named { list, map }, None) = &*copy else {
        panic!("the same variants")
    };
    let inner = map[&1][1].borrow().clone().unwrap();
    assert!([b, &list[0], &inner].iter().all(|it| Gc::ptr_eq(it, a)));
    assert!(!Gc::ptr_eq(a, &five) && **a == 5);
}

/// Is found again by the number that it leads to.
#[derive(Trace, DeepClone, PartialEq, Eq)]
struct Hashed(Gc<Cell<u32>>);

impl Hash for Hashed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.get().hash(state);
    }
}

/// A handle that is found in one place alone.
#[test]
fn each_type_finds_clones_and_relinks_what_it_holds() {
    fn check<T: DeepClone>(
        holder: impl Fn(Gc<Cell<u32>>) -> T,
        handle: impl Fn(&T) -> Option<Gc<Cell<u32>>>,
    ) {
        let name = std::any::type_name::<T>();
        let target = Gc::new(Cell::new(7));
        let original = Gc::new(holder(target.clone()));
        let clone = Gc::deep_clone(&original);
        let found = handle(&clone).expect(name);
        assert!(!Gc::ptr_eq(&found, &target), "{name} leads to the original's");
        assert_eq!((found.get(), Gc::strong_count(&found)), (7, 2), "{name}");
        assert_eq!(Gc::strong_count(&target), 2, "{name}");
    }
    type Target = Gc<Cell<u32>>;
    check::<Target>(|to| to, |holder| Some(holder.clone()));
    check::<Slot<Cell<u32>>>(|to| Slot::new(Some(to)), Slot::get);
    check::<RefCell<Target>>(RefCell::new, |holder| Some(holder.borrow().clone()));
    check::<OnceCell<Target>>(OnceCell::from, |holder| holder.get().cloned());
    check::<Option<Target>>(Some, Option::clone);
    check::<Result<Target, u8>>(Ok, |holder| holder.clone().ok());
    check::<Result<u8, Target>>(Err, |holder| holder.clone().err());
    check::<Box<Target>>(Box::new, |holder| Some((**holder).clone()));
    check::<[Target; 1]>(|to| [to], |holder| Some(holder[0].clone()));
    check::<(u8, Target)>(|to| (1, to), |holder| Some(holder.1.clone()));
    check::<Vec<Target>>(|to| vec![to], |holder| holder.first().cloned());
    check::<VecDeque<Target>>(|to| [to].into(), |holder| holder.front().cloned());
    check::<BTreeMap<u8, Target>>(|to| [(1, to)].into(), |holder| holder.get(&1).cloned());
    check::<HashMap<u8, Target>>(|to| [(1, to)].into(), |holder| holder.get(&1).cloned());
    check::<BTreeSet<Target>>(|to| [to].into(), |holder| holder.first().cloned());
    check::<BinaryHeap<Target>>(|to| [to].into(), |holder| holder.peek().cloned());
    check::<HashSet<Hashed>>(
        |to| [Hashed(to)].into(),
        |holder| holder.get(&Hashed(Gc::new(Cell::new(7)))).map(|found| found.0.clone()),
    );
    // A cell inside the others, which is put right in its place.
    type InCell = Slot<Cell<u32>>;
    let slot = |to| Slot::new(Some(to));
    check::<RefCell<InCell>>(|to| RefCell::new(slot(to)), |holder| holder.borrow().get());
    check::<OnceCell<InCell>>(|to| slot(to).into(), |holder| holder.get()?.get());
    check::<Option<InCell>>(|to| Some(slot(to)), |holder| holder.as_ref()?.get());
    check::<Result<InCell, u8>>(|to| Ok(slot(to)), |holder| holder.as_ref().ok()?.get());
    check::<Result<u8, InCell>>(|to| Err(slot(to)), |holder| holder.as_ref().err()?.get());
    check::<Box<InCell>>(|to| Box::new(slot(to)), |holder| holder.get());
    check::<[InCell; 1]>(|to| [slot(to)], |holder| holder[0].get());
    check::<(u8, InCell)>(|to| (1, slot(to)), |holder| holder.1.get());
    check::<Vec<InCell>>(|to| vec![slot(to)], |holder| holder[0].get());
    check::<VecDeque<InCell>>(|to| [slot(to)].into(), |holder| holder[0].get());
    check::<BTreeMap<u8, InCell>>(|to| [(1, slot(to))].into(), |holder| holder[&1].get());
    check::<HashMap<u8, InCell>>(|to| [(1, slot(to))].into(), |holder| holder[&1].get());
}

#[test]
fn a_list_of_any_length_is_cloned_on_a_small_stack() {
    #[derive(Trace, DeepClone)]
    struct Fixed(Option<Gc<Fixed>>);

    on_stack(64 << 10, || {
        let mut list = Gc::new(Fixed(None));
        for _ in 0..many(100_000) {
            list = Gc::new(Fixed(Some(list)));
        }
        let copy = Gc::deep_clone(&list);
        assert_eq!(Gc::walk(&copy).count(), many(100_000) + 1);

        let ring = Gc::new(Node::default());
        let mut last = ring.clone();
        for _ in 0..many(10_000) {
            let next = Gc::new(Node::default());
            last.next.set(Some(next.clone()));
            last = next;
        }
        last.next.set(Some(ring.clone()));
        assert_eq!(Gc::walk(&Gc::deep_clone(&ring)).count(), many(10_000) + 1);
    });
}

#[test]
fn a_clone_that_panics_leaves_nothing_behind() {
    struct Fuse(Rc<Cell<u32>>);
    impl Clone for Fuse {
        fn clone(&self) -> Self {
            assert!(self.0.get() > 0, "the fuse is burnt");
            self.0.set(self.0.get() - 1);
            Fuse(self.0.clone())
        }
    }
    #[derive(Trace, DeepClone)]
    struct Link {
        fuse: gc_core::Leaf<Fuse>,
        me: Weak<Link>,
        next: RefCell<Option<Gc<Link>>>,
    }
    for left in 0..20 {
        let world = World::quiet();
        let fuse = Rc::new(Cell::new(left));
        let ring: [_; 5] = std::array::from_fn(|_| {
            Gc::new_cyclic_in(&world.heap, |me| Link {
                fuse: Fuse(fuse.clone()).into(),
                me: me.clone(),
                next: RefCell::default(),
            })
        });
        (0..5).for_each(|i| drop(ring[i].next.replace(Some(ring[(i + 1) % 5].clone()))));
        let result = catch_unwind(AssertUnwindSafe(|| Gc::deep_clone(&ring[0])));
        assert_eq!(result.is_ok(), left >= 5);
        drop(result);
        world.heap.collect();
        assert_eq!(world.heap.live_count(), 5);
        drop(ring);
        world.finish([], &[]);
    }
}

#[test]
fn hooks_that_lie_and_change_the_graph_lose_no_more_than_the_shape() {
    /// Says that its handles are fixed, or that there are none; opens the ring while it is cloned.
    struct Liar {
        next: Slot<Liar>,
        mode: u32,
    }
    // SAFETY: reports its one handle once; has no `Drop`.
    unsafe impl Trace for Liar {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.next.trace(tracer);
        }
    }
    impl DeepClone for Liar {
        fn handles(&self, found: &mut Handles) {
            if let (Some(next), 0 | 1) = (self.next.get(), self.mode) {
                found.handle(&next);
            }
        }
        fn deep_clone(&self, clones: &Clones) -> Self {
            let next = self.next.get().map(|next| clones.of(&next));
            if self.mode == 1 {
                self.next.take();
                gc_core::collect();
            }
            Self { next: next.into(), mode: self.mode }
        }
        fn relink(&self, original: &Self, clones: &Clones) {
            self.next.set(original.next.get().map(|next| clones.of(&next)));
            original.next.take();
        }
    }
    for mode in 0..3 {
        let world = World::quiet();
        let make = || Gc::new_in(&world.heap, Liar { next: Slot::empty(), mode });
        let ring: [_; 3] = std::array::from_fn(|_| make());
        (0..3).for_each(|i| ring[i].next.set(Some(ring[(i + 1) % 3].clone())));
        let copy = Gc::deep_clone(&ring[0]);
        world.heap.collect();
        assert!(!Gc::ptr_eq(&copy, &ring[0]));
        drop((copy, ring));
        world.finish([], &[]);
    }
}

/// Or the set might not find its items again.
#[test]
fn cells_in_the_items_of_a_set_keep_what_they_had() {
    #[derive(Trace, DeepClone)]
    struct Item {
        n: u8,
        to: Slot<Cell<u8>>,
    }
    impl PartialEq for Item {
        fn eq(&self, other: &Self) -> bool {
            self.n == other.n
        }
    }
    impl Eq for Item {}
    impl PartialOrd for Item {
        fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
            Some(self.cmp(other))
        }
    }
    impl Ord for Item {
        fn cmp(&self, other: &Self) -> std::cmp::Ordering {
            self.n.cmp(&other.n)
        }
    }
    let target = Gc::new(Cell::new(7));
    let items = [3, 1, 2].map(|n| Item { n, to: Slot::from(target.clone()) });
    let set = Gc::new(BTreeSet::from(items));
    let copy = Gc::deep_clone(&set);
    assert!(copy.iter().map(|item| item.n).eq([1, 2, 3]));
    assert!(copy.iter().all(|item| item.to.get().is_some_and(|to| Gc::ptr_eq(&to, &target))));
}

#[test]
fn a_clone_of_another_variant_is_left_as_it_was_made() {
    type Target = Slot<Cell<u8>>;
    /// Its clone has the other variant.
    #[derive(Trace)]
    struct Turned(Result<Target, Target>);
    impl DeepClone for Turned {
        fn handles(&self, found: &mut Handles) {
            self.0.handles(found);
        }
        fn deep_clone(&self, _: &Clones) -> Self {
            Self(match self.0 {
                Ok(_) => Err(Slot::empty()),
                Err(_) => Ok(Slot::empty()),
            })
        }
        fn relink(&self, original: &Self, clones: &Clones) {
            self.0.relink(&original.0, clones);
        }
    }
    let target = || Slot::from(Gc::new(Cell::new(7)));
    let (ok, err) = (Gc::new(Turned(Ok(target()))), Gc::new(Turned(Err(target()))));
    assert!(matches!(&Gc::deep_clone(&ok).0, Err(slot) if slot.get().is_none()));
    assert!(matches!(&Gc::deep_clone(&err).0, Ok(slot) if slot.get().is_none()));
}
