//! Random programs with weak maps, against a naive model of ephemerons: what is alive is found by
//! walking from the handles on the stack, over and over until nothing is added, with an entry counted
//! once its member and the owner of its map are. Hunted: programs of which no list of cases thinks.
//! Objects hold maps, maps move between objects and the stack, keys are tracked or of a leaf type, there
//! are two heaps, and collections of every kind: young ones, cut short, given up, with frozen objects,
//! with maps that are borrowed.
//!
//! The programs are ones of safe Rust, but they reach objects without handles: a clone on the way would
//! be dropped again, and so make a suspect where the program makes none.

use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use gc_core::{
    Budget, Depth, Finalize, FinalizeCx, Gc, Generation, GivenUp, Heap, Thresholds, Trace, Tracer,
    WeakKeyMap, WeakValueMap,
};

// ---- the values in the heap ------------------------------------------------------------------------

thread_local! {
    /// Visits until one panics; zero: none does.
    static VISITS_LEFT: Cell<u32> = const { Cell::new(0) };
}

/// A field whose visit panics when the program says so.
#[derive(Default)]
struct Mood;

// SAFETY: reports nothing. It is asked for because of its panic.
unsafe impl Trace for Mood {
    fn trace(&self, _: &mut Tracer<'_>) {
        let left = VISITS_LEFT.get();
        assert!(left != 1, "a visit that panics");
        VISITS_LEFT.set(left.saturating_sub(1));
    }

    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

/// Notes the drop of the value that it is a field of.
struct Probe {
    id: usize,
    deaths: Rc<RefCell<Vec<usize>>>,
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.deaths.borrow_mut().push(self.id);
    }
}

/// A handle to an object of either type.
#[derive(Trace, Clone)]
enum Handle {
    Node(Gc<Node>),
    Leaf(Gc<Leaf>),
}

impl Handle {
    fn id(&self) -> usize {
        match self {
            Handle::Node(node) => node.probe.id,
            Handle::Leaf(leaf) => leaf.0.id,
        }
    }
}

const GENERATIONS: [Generation; 3] = [Generation::Young, Generation::Middle, Generation::Old];

/// A value that cannot hold handles.
#[derive(Trace)]
#[trace(leaf)]
struct Leaf(Probe);

/// What an entry carries.
#[derive(Trace, Default)]
struct Content {
    mood: Mood,
    handles: RefCell<Vec<Handle>>,
}

/// A key by number, which carries handles as well.
#[derive(Trace)]
struct Name(u32, Content);

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// A map of each kind.
#[derive(Trace, Default)]
struct Maps {
    #[trace(skip)]
    id: usize,
    by_node: WeakKeyMap<Node, Content>,
    by_leaf: WeakKeyMap<Leaf, Content>,
    named: WeakValueMap<Name, Node>,
}

/// What a node does when it is finalized.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Plain,
    ComesBack,
    LetsGo,
    HangsItself,
}

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    mood: Mood,
    edges: RefCell<Vec<Handle>>,
    maps: RefCell<Maps>,
    #[trace(skip)]
    kind: Kind,
    #[trace(skip)]
    world: Rc<World>,
    #[trace(skip)]
    probe: Probe,
}

impl Finalize for Node {
    /// What happens to the heap here happens to the model first.
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        let (world, id) = (&self.world, self.probe.id);
        match self.kind {
            Kind::Plain => {}
            Kind::ComesBack => world.roots.borrow_mut().push(Handle::Node(cx.handle())),
            Kind::LetsGo => {
                let map = self.maps.borrow().id;
                world.model.borrow_mut().objects[id].edges.clear();
                world.model.borrow_mut().entries.retain(|entry| entry.map != map);
                let edges = self.edges.take();
                let maps = self.maps.take();
                self.maps.borrow_mut().id = map;
                drop((edges, maps));
            }
            Kind::HangsItself => {
                // On the map of the stack, with itself as value: that keeps nothing.
                let me = Handle::Node(cx.handle());
                world.put(Where::Stack(0), &me, vec![me.clone()]);
            }
        }
    }
}

// ---- the model -------------------------------------------------------------------------------------

/// What the model knows of an object.
struct Known {
    /// Where the value is; read only if the model reaches it.
    pointer: Pointer,
    heap: usize,
    edges: Vec<usize>,
    /// The maps that it holds.
    map: Option<usize>,
    /// Whether the collector knows it: not a leaf, or one that is a member.
    tracked: bool,
    dead: bool,
    frozen: bool,
}

#[derive(Clone, Copy)]
enum Pointer {
    Node(*const Node),
    Leaf(*const Leaf),
}

/// An entry: its map, its member, what it carries, and its number where it goes by that.
struct Entry {
    map: usize,
    member: usize,
    name: Option<u32>,
    handles: Vec<usize>,
}

#[derive(Default)]
struct Model {
    objects: Vec<Known>,
    entries: Vec<Entry>,
    maps: usize,
}

impl Model {
    /// What is alive if these objects are, and these maps besides those that they lead to.
    fn reach(&self, from: impl IntoIterator<Item = usize>, maps: &[usize]) -> Vec<bool> {
        let mut alive = vec![false; self.objects.len()];
        let mut maps = maps.to_vec();
        let mut stack: Vec<usize> = from.into_iter().collect();
        loop {
            while let Some(id) = stack.pop() {
                if !std::mem::replace(&mut alive[id], true) {
                    stack.extend(&self.objects[id].edges);
                    maps.extend(self.objects[id].map);
                }
            }
            let held = |entry: &&Entry| alive[entry.member] && maps.contains(&entry.map);
            let handles = self.entries.iter().filter(held).flat_map(|entry| &entry.handles);
            stack.extend(handles.filter(|&&id| !alive[id]));
            if stack.is_empty() {
                return alive;
            }
        }
    }

    /// The handles to each object, those on the stack left out.
    fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.objects.len()];
        let living = self.objects.iter().filter(|object| !object.dead);
        let edges = living.flat_map(|object| &object.edges);
        for &id in edges.chain(self.entries.iter().flat_map(|entry| &entry.handles)) {
            counts[id] += 1;
        }
        counts
    }

    /// An object has died: what it held is let go of, and its entries at either end.
    fn bury(&mut self, id: usize) {
        let object = &mut self.objects[id];
        assert!(!object.dead, "object {id} was dropped twice");
        (object.dead, object.frozen) = (true, false);
        object.edges.clear();
        let map = object.map.take();
        self.entries.retain(|entry| entry.member != id && Some(entry.map) != map);
    }
}

// ---- both ------------------------------------------------------------------------------------------

/// A place of maps: on the stack, or in a node.
#[derive(Clone, Copy, Debug)]
enum Where {
    Stack(usize),
    In(usize),
}

struct World {
    heaps: [Heap; 2],
    model: RefCell<Model>,
    /// Handles and maps on the stack, so to speak.
    roots: RefCell<Vec<Handle>>,
    stack: [RefCell<Maps>; 2],
    deaths: Rc<RefCell<Vec<usize>>>,
    finalizers: bool,
}

/// A collection.
#[derive(Clone, Copy)]
enum Sweep {
    UpTo(Generation),
    Within(usize),
}

/// A small generator of numbers (SplitMix64), the same ones for a seed on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed >> 32) as usize
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() % limit
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        (!list.is_empty()).then(|| list[self.below(list.len())])
    }
}

impl World {
    fn new(automatic: bool, finalizers: bool) -> Rc<Self> {
        let heaps = [Heap::new(), Heap::new()];
        for heap in &heaps {
            heap.set_thresholds(Thresholds {
                young: 7,
                middle: 2,
                old: 2,
                ..Thresholds::default()
            });
            heap.set_auto_collect(automatic);
            heap.set_error_handler(Some(|_| ()));
        }
        let world = Self {
            heaps,
            model: RefCell::default(),
            roots: RefCell::default(),
            stack: Default::default(),
            deaths: Rc::default(),
            finalizers,
        };
        for maps in &world.stack {
            maps.borrow_mut().id = world.new_map();
        }
        Rc::new(world)
    }

    fn new_map(&self) -> usize {
        let mut model = self.model.borrow_mut();
        model.maps += 1;
        model.maps
    }

    fn make(self: &Rc<Self>, leaf: bool, heap: usize, kind: Kind) {
        let id = self.model.borrow().objects.len();
        let probe = Probe { id, deaths: self.deaths.clone() };
        let map = (!leaf).then(|| self.new_map());
        // Making one may collect, and that the model has to know of.
        let handle = if leaf {
            Handle::Leaf(Gc::new_in(&self.heaps[heap], Leaf(probe)))
        } else {
            let maps = RefCell::new(Maps { id: map.unwrap_or_default(), ..Maps::default() });
            let kind = if self.finalizers { kind } else { Kind::Plain };
            let (mood, edges, world) = (Mood, RefCell::default(), self.clone());
            let node = Node { mood, edges, maps, kind, world, probe };
            Handle::Node(Gc::new_in(&self.heaps[heap], node))
        };
        let pointer = match &handle {
            Handle::Node(node) => Pointer::Node(Gc::as_ptr(node)),
            Handle::Leaf(leaf) => Pointer::Leaf(Gc::as_ptr(leaf)),
        };
        let known = Known {
            pointer,
            heap,
            edges: Vec::new(),
            map,
            tracked: !leaf,
            dead: false,
            frozen: false,
        };
        self.model.borrow_mut().objects.push(known);
        self.roots.borrow_mut().push(handle);
    }

    // ---- reaching ------------------------------------------------------------------------------

    /// What the handles on the stack lead to, but for this one.
    fn reached(&self, without: Option<usize>) -> Vec<usize> {
        let roots = self.roots.borrow();
        let numbered = roots.iter().enumerate();
        let from =
            numbered.filter(|&(number, _)| Some(number) != without).map(|(_, root)| root.id());
        let maps: Vec<_> = self.stack.iter().map(|maps| maps.borrow().id).collect();
        let alive = self.model.borrow().reach(from, &maps);
        (0..alive.len()).filter(|&id| alive[id]).collect()
    }

    /// Those of them that are nodes.
    fn nodes(&self, without: Option<usize>) -> Vec<usize> {
        let model = self.model.borrow();
        let mut reached = self.reached(without);
        reached.retain(|&id| matches!(model.objects[id].pointer, Pointer::Node(_)));
        reached
    }

    /// A node that is reached.
    fn node(&self, id: usize) -> &Node {
        let model = self.model.borrow();
        assert!(!model.objects[id].dead, "object {id} is reachable, and it was dropped");
        match model.objects[id].pointer {
            // SAFETY: the model reaches it, and the heap has not dropped it.
            Pointer::Node(node) => unsafe { &*node },
            Pointer::Leaf(_) => unreachable!("only nodes are asked for"),
        }
    }

    /// A handle to what is reached, which is not counted: such as stands in the field of some object.
    fn uncounted(&self, id: usize) -> ManuallyDrop<Handle> {
        let model = self.model.borrow();
        assert!(!model.objects[id].dead, "object {id} is reachable, and it was dropped");
        ManuallyDrop::new(match model.objects[id].pointer {
            // SAFETY: as in `node`; the count stays with whom it belongs to, as this is never dropped.
            Pointer::Node(node) => Handle::Node(unsafe { Gc::from_raw(node) }),
            // SAFETY: likewise.
            Pointer::Leaf(leaf) => Handle::Leaf(unsafe { Gc::from_raw(leaf) }),
        })
    }

    /// A handle to what holds the maps, for a step in which something goes that may lead there.
    fn hold(&self, place: Where) -> Option<Handle> {
        match place {
            Where::Stack(_) => None,
            Where::In(id) => Some(Handle::clone(&self.uncounted(id))),
        }
    }

    fn maps(&self, place: Where) -> &RefCell<Maps> {
        match place {
            Where::Stack(number) => &self.stack[number],
            Where::In(id) => &self.node(id).maps,
        }
    }

    fn some_maps(&self, random: &mut Random, without: Option<usize>) -> Where {
        let nodes = self.nodes(without);
        match random.one_of(&nodes) {
            Some(id) if random.below(3) > 0 => Where::In(id),
            _ => Where::Stack(random.below(2)),
        }
    }

    // ---- the steps -----------------------------------------------------------------------------

    /// Puts an entry in, by identity or by a number.
    fn put(&self, place: Where, member: &Handle, handles: Vec<Handle>) {
        self.put_named(place, member, handles, None);
    }

    fn put_named(&self, place: Where, member: &Handle, handles: Vec<Handle>, name: Option<u32>) {
        let id = member.id();
        let is_old = |entry: &Entry| match name {
            Some(_) => entry.name == name,
            None => entry.name.is_none() && entry.member == id,
        };
        let map = self.maps(place).borrow().id;
        let replaces =
            self.model.borrow().entries.iter().any(|entry| entry.map == map && is_old(entry));
        // What goes may be what leads here.
        let _held = replaces.then(|| (self.hold(place), member.clone()));
        let maps = self.maps(place).borrow();
        {
            let mut model = self.model.borrow_mut();
            model.objects[id].tracked = true;
            model.entries.retain(|entry| !(entry.map == map && is_old(entry)));
            let held = handles.iter().map(Handle::id).collect();
            model.entries.push(Entry { map: maps.id, member: id, name, handles: held });
        }
        let content = Content { mood: Mood, handles: RefCell::new(handles) };
        match (member, name) {
            (Handle::Node(node), Some(number)) => {
                drop(maps.named.insert(Name(number, content), node));
            }
            (Handle::Node(node), None) => drop(maps.by_node.insert(node, content)),
            (Handle::Leaf(leaf), _) => drop(maps.by_leaf.insert(leaf, content)),
        }
    }

    /// One step. Those for which there is nothing to choose from do nothing.
    fn step(self: &Rc<Self>, random: &mut Random) -> Option<()> {
        let share = random.below(1000);
        let root = |random: &mut Random| {
            let roots = self.roots.borrow().len();
            (roots > 0).then(|| random.below(roots))
        };
        match share {
            0..220 | 970..1000 => {
                let kinds = [Kind::Plain, Kind::ComesBack, Kind::LetsGo, Kind::HangsItself];
                let kind = random.one_of(&kinds)?;
                self.make(random.below(4) == 0, usize::from(random.below(5) == 0), kind);
            }
            220..270 => {
                let number = root(random)?;
                let clone = self.roots.borrow()[number].clone();
                self.roots.borrow_mut().push(clone);
            }
            270..410 => {
                let number = root(random)?;
                let handle = self.roots.borrow_mut().swap_remove(number);
                drop(handle);
            }
            // A handle on the stack goes into an object, or a clone of it does.
            410..560 => {
                let number = root(random)?;
                let moves = random.below(2) == 0;
                let target = random.one_of(&self.nodes(moves.then_some(number)))?;
                let handle = self.handle(number, moves);
                self.model.borrow_mut().objects[target].edges.push(handle.id());
                self.node(target).edges.borrow_mut().push(handle);
            }
            // An edge goes: to the stack, or for good.
            560..640 => {
                let source = random.one_of(&self.nodes(None))?;
                let edges = self.model.borrow().objects[source].edges.len();
                let edge = (edges > 0).then(|| random.below(edges))?;
                self.model.borrow_mut().objects[source].edges.swap_remove(edge);
                let handle = self.node(source).edges.borrow_mut().swap_remove(edge);
                if random.below(3) > 0 {
                    self.roots.borrow_mut().push(handle);
                } else {
                    drop(handle);
                }
            }
            // An entry. What goes in with it may be the last handle of what it leads to.
            640..740 => {
                let mut handles = Vec::new();
                for _ in 0..random.below(3) {
                    let number = root(random)?;
                    handles.push(self.handle(number, random.below(2) == 0));
                }
                let member = random.one_of(&self.reached(None));
                let place = self.some_maps(random, None);
                let Some(member) = member else {
                    self.roots.borrow_mut().extend(handles);
                    return None;
                };
                let member = self.uncounted(member);
                let named = matches!(*member, Handle::Node(_)) && random.below(3) == 0;
                let name = named.then(|| random.below(4) as u32);
                self.put_named(place, &member, handles, name);
            }
            // A handle goes into what an entry carries, or comes out of it.
            740..815 => {
                let reached = self.reached(None);
                let place = self.some_maps(random, None);
                let maps = self.maps(place).borrow();
                let entry = self.entry_of(random, maps.id, |entry| {
                    entry.name.is_none() && reached.contains(&entry.member)
                })?;
                let member = self.model.borrow().entries[entry].member;
                let into = random.below(2) == 0;
                let number = into.then(|| root(random)).flatten();
                if let Some(number) = number {
                    // Map and member have to be reached without what is moved.
                    let rest = self.reached(Some(number));
                    let owner = match place {
                        Where::In(id) => rest.contains(&id),
                        Where::Stack(_) => true,
                    };
                    if !owner || !rest.contains(&member) {
                        return None;
                    }
                }
                let key = self.uncounted(member);
                let content = match &*key {
                    Handle::Node(node) => maps.by_node.get(node)?,
                    Handle::Leaf(leaf) => maps.by_leaf.get(leaf)?,
                };
                if let Some(number) = number {
                    let handle = self.handle(number, true);
                    self.model.borrow_mut().entries[entry].handles.push(handle.id());
                    content.handles.borrow_mut().push(handle);
                } else if !content.handles.borrow().is_empty() {
                    self.model.borrow_mut().entries[entry].handles.remove(0);
                    let handle = content.handles.borrow_mut().remove(0);
                    self.roots.borrow_mut().push(handle);
                }
            }
            // An entry is taken out.
            815..830 => {
                let place = self.some_maps(random, None);
                let _held = self.hold(place);
                let maps = self.maps(place).borrow();
                let reached = self.reached(None);
                let number =
                    self.entry_of(random, maps.id, |entry| reached.contains(&entry.member))?;
                let entry = self.model.borrow_mut().entries.swap_remove(number);
                let key = self.uncounted(entry.member);
                match (&*key, entry.name) {
                    (_, Some(name)) => drop(maps.named.remove(&Name(name, Content::default()))),
                    (Handle::Node(node), None) => drop(maps.by_node.remove(node)),
                    (Handle::Leaf(leaf), None) => drop(maps.by_leaf.remove(leaf)),
                }
            }
            // A walk: it meets members that nothing else leads to, and keeps some of them.
            830..836 => {
                let place = self.some_maps(random, None);
                let keep = random.below(3);
                let maps = self.maps(place).borrow();
                let keys = maps.by_node.keys().map(Handle::Node);
                let keys = keys.chain(maps.by_leaf.keys().map(Handle::Leaf));
                let keys = keys.chain(maps.named.values().map(Handle::Node));
                let kept: Vec<_> =
                    keys.enumerate().filter(|(number, _)| number % 3 == keep).collect();
                self.roots.borrow_mut().extend(kept.into_iter().map(|(_, key)| key));
            }
            // Maps are emptied, or change places.
            836..842 => {
                let place = self.some_maps(random, None);
                let _held = self.hold(place);
                let maps = self.maps(place).borrow();
                self.model.borrow_mut().entries.retain(|entry| entry.map != maps.id);
                maps.by_node.clear();
                maps.by_leaf.clear();
                maps.named.clear();
            }
            842..860 => self.swap_maps(random)?,
            860..900 => self.collect(random, Sweep::UpTo(Generation::Young)),
            900..920 => self.collect(random, Sweep::UpTo(Generation::Middle)),
            920..940 => {
                let objects = random.below(60);
                self.collect(random, Sweep::Within(objects));
            }
            // (With `gc_verify`, a collection visits before it judges, where nothing is to panic.)
            940..947 if !cfg!(gc_verify) => {
                VISITS_LEFT.set(1 + random.below(12) as u32);
                let heap = &self.heaps[random.below(2)];
                let report = heap.collect_generation(GENERATIONS[random.below(3)]);
                let panicked = VISITS_LEFT.replace(0) == 1;
                let given_up = report.given_up == Some(GivenUp::TracePanicked);
                assert!(!given_up || panicked, "only a panic gives up");
            }
            940..950 => self.freeze(random.below(2)),
            950..957 => self.unfreeze(random.below(2)),
            _ => self.collect(random, Sweep::UpTo(Generation::Old)),
        }
        Some(())
    }

    /// A handle from the stack, or a clone of it.
    fn handle(&self, number: usize, moves: bool) -> Handle {
        if moves {
            self.roots.borrow_mut().swap_remove(number)
        } else {
            self.roots.borrow()[number].clone()
        }
    }

    fn entry_of(
        &self,
        random: &mut Random,
        map: usize,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Option<usize> {
        let model = self.model.borrow();
        let found: Vec<_> = (0..model.entries.len())
            .filter(|&number| model.entries[number].map == map && wanted(&model.entries[number]))
            .collect();
        random.one_of(&found)
    }

    /// Maps of the stack change places with those of an object, which is reached without them.
    fn swap_maps(&self, random: &mut Random) -> Option<()> {
        let number = random.below(2);
        let other = [self.stack[1 - number].borrow().id];
        let nodes: Vec<_> = {
            let model = self.model.borrow();
            let alive = model.reach(self.roots.borrow().iter().map(Handle::id), &other);
            (0..alive.len()).filter(|&id| alive[id] && model.objects[id].map.is_some()).collect()
        };
        let id = random.one_of(&nodes)?;
        self.model.borrow_mut().objects[id].map = Some(self.stack[number].borrow().id);
        self.stack[number].swap(&self.node(id).maps);
        Some(())
    }

    fn freeze(&self, heap: usize) {
        let mut model = self.model.borrow_mut();
        for object in &mut model.objects {
            if object.heap == heap && object.tracked && !object.dead {
                object.frozen = true;
            }
        }
        self.heaps[heap].freeze();
    }

    fn unfreeze(&self, heap: usize) {
        let mut model = self.model.borrow_mut();
        let of_heap = model.objects.iter_mut().filter(|object| object.heap == heap);
        of_heap.for_each(|object| object.frozen = false);
        self.heaps[heap].unfreeze();
    }

    /// A collection, now and then with the maps of some object borrowed. A complete one of Old has to free all
    /// garbage, as far as it is known without what is outside: the other heap, the frozen, the borrowed.
    fn collect(&self, random: &mut Random, sweep: Sweep) {
        let heap = usize::from(random.below(4) == 0);
        let borrowed = random.one_of(&self.nodes(None)).filter(|_| random.below(4) == 0);
        let guard = borrowed.map(|id| self.node(id).maps.borrow_mut());
        let opaque: Vec<_> = guard.iter().map(|maps| maps.id).collect();
        let garbage = self.garbage(heap, &opaque);
        if self.heaps[heap].frozen_count() == 0 {
            let report = self.heaps[heap].find_unreachable();
            assert_eq!(
                report.garbage().count(),
                garbage.len(),
                "what a snapshot takes for garbage"
            );
        }
        let report = match sweep {
            Sweep::UpTo(generation) => self.heaps[heap].collect_generation(generation),
            Sweep::Within(objects) => self.heaps[heap].collect_within(Budget::objects(objects)),
        };
        if report.generation == Generation::Old && report.complete {
            // Finalizers may have brought some back.
            let garbage_still = self.garbage(heap, &opaque);
            let deaths = self.deaths.borrow();
            let missed =
                garbage.iter().find(|&id| garbage_still.contains(id) && !deaths.contains(id));
            assert_eq!(missed, None, "an object is garbage, and a collection did not find it");
        }
    }

    /// What nothing outside a heap leads to.
    fn garbage(&self, heap: usize, opaque: &[usize]) -> Vec<usize> {
        let model = self.model.borrow();
        let living = |id: &usize| !model.objects[*id].dead;
        let all: Vec<_> = (0..model.objects.len()).filter(living).collect();
        let outside = |&&id: &&usize| model.objects[id].heap != heap || model.objects[id].frozen;
        let roots = self.roots.borrow();
        let from = roots.iter().map(Handle::id).chain(all.iter().filter(outside).copied());
        let mut maps: Vec<_> =
            self.stack.iter().filter_map(|maps| Some(maps.try_borrow().ok()?.id)).collect();
        maps.extend(opaque);
        let alive = model.reach(from, &maps);
        all.into_iter().filter(|&id| !alive[id]).collect()
    }

    /// Compares the two after a step.
    fn check(&self) {
        let deaths = self.deaths.take();
        let reached = self.reached(None);
        for &id in &deaths {
            assert!(!reached.contains(&id), "object {id} is reachable, and it was dropped");
            self.model.borrow_mut().bury(id);
        }
        let model = self.model.borrow();
        let mut counts = model.counts();
        self.roots.borrow().iter().for_each(|root| counts[root.id()] += 1);
        for (id, object) in model.objects.iter().enumerate() {
            assert!(object.dead || counts[id] > 0, "nothing holds object {id}, and it is there");
        }
        for root in &*self.roots.borrow() {
            let count = match root {
                Handle::Node(node) => Gc::strong_count(node),
                Handle::Leaf(leaf) => Gc::strong_count(leaf),
            };
            assert_eq!(count, counts[root.id()], "the count of object {}", root.id());
        }
        let frozen = |heap| {
            let of_heap = model.objects.iter().filter(move |object| object.heap == heap);
            of_heap.filter(|object| object.frozen).count()
        };
        for (number, heap) in self.heaps.iter().enumerate() {
            assert_eq!(heap.frozen_count(), frozen(number));
        }
        let holders = reached.iter().filter(|&&id| model.objects[id].map.is_some());
        let places = (0..2).map(Where::Stack).chain(holders.map(|&id| Where::In(id)));
        for place in places {
            self.check_maps(&model, &self.maps(place).borrow());
        }
    }

    fn check_maps(&self, model: &Model, maps: &Maps) {
        let of_map = || model.entries.iter().filter(|entry| entry.map == maps.id);
        let named = of_map().filter(|entry| entry.name.is_some()).count();
        assert_eq!(maps.named.len(), named);
        assert_eq!(maps.by_node.len() + maps.by_leaf.len(), of_map().count() - named);
        for entry in of_map().filter(|entry| entry.name.is_none()) {
            let found = match *self.uncounted(entry.member) {
                Handle::Node(ref node) => maps.by_node.get(node).map(|content| ids(&content)),
                Handle::Leaf(ref leaf) => maps.by_leaf.get(leaf).map(|content| ids(&content)),
            };
            assert_eq!(
                found.as_ref(),
                Some(&entry.handles),
                "the entry of object {}",
                entry.member
            );
        }
    }

    /// The end of the program: all is let go of, and goes.
    fn end(self: &Rc<Self>) {
        for heap in &self.heaps {
            heap.set_auto_collect(false);
            heap.unfreeze();
        }
        self.model.borrow_mut().objects.iter_mut().for_each(|object| object.frozen = false);
        self.cut_between_heaps();
        // Finalizers may bring objects back, each once.
        for _ in 0..8 {
            let roots = self.roots.take();
            drop(roots);
            self.heaps.iter().for_each(|heap| _ = heap.collect());
            self.check();
        }
        let left = self.model.borrow().objects.iter().filter(|object| !object.dead).count();
        assert_eq!(left, 0, "objects are left");
        for heap in &self.heaps {
            heap.assert_empty();
            heap.verify();
        }
        assert!(self.model.borrow().entries.is_empty());
    }

    /// Cycles round both heaps are never found, so they are opened: whatever leads from one heap into
    /// the other goes.
    fn cut_between_heaps(&self) {
        let all: Vec<_> = (0..self.model.borrow().objects.len())
            .filter(|&id| !self.model.borrow().objects[id].dead)
            .map(|id| Handle::clone(&self.uncounted(id)))
            .collect();
        // Garbage, too, is held for this long.
        self.roots.borrow_mut().extend(all.iter().cloned());
        let heap_of = |handle: &Handle| self.model.borrow().objects[handle.id()].heap;
        let mut cut = Vec::new();
        for handle in &all {
            let Handle::Node(node) = handle else { continue };
            let here = heap_of(handle);
            let edges = node.edges.take();
            let (kept, other): (Vec<_>, Vec<_>) =
                edges.into_iter().partition(|edge| heap_of(edge) == here);
            self.model.borrow_mut().objects[handle.id()].edges =
                kept.iter().map(Handle::id).collect();
            node.edges.replace(kept);
            cut.extend(other);
        }
        let nodes = all.iter().filter(|handle| matches!(handle, Handle::Node(_)));
        let places = nodes.map(|node| Where::In(node.id())).chain((0..2).map(Where::Stack));
        for place in places {
            let maps = self.maps(place).borrow();
            let keep = |member: &Handle, content: &Content| {
                let stays = content.handles.borrow().iter().all(|h| heap_of(h) == heap_of(member));
                if !stays {
                    self.model.borrow_mut().entries.retain(|entry| {
                        !(entry.map == maps.id && entry.member == member.id() && {
                            let held: Vec<_> =
                                content.handles.borrow().iter().map(Handle::id).collect();
                            held == entry.handles
                        })
                    });
                }
                stays
            };
            maps.by_node.retain(|node, content| keep(&Handle::Node(node.clone()), content));
            maps.by_leaf.retain(|leaf, content| keep(&Handle::Leaf(leaf.clone()), content));
            maps.named.retain(|name, node| {
                let stays = name
                    .1
                    .handles
                    .borrow()
                    .iter()
                    .all(|h| heap_of(h) == heap_of(&Handle::Node(node.clone())));
                if !stays {
                    let name = Some(name.0);
                    self.model
                        .borrow_mut()
                        .entries
                        .retain(|entry| !(entry.map == maps.id && entry.name == name));
                }
                stays
            });
        }
        drop((cut, all));
    }
}

fn ids(content: &Content) -> Vec<usize> {
    content.handles.borrow().iter().map(Handle::id).collect()
}

const STEPS: usize = 400;

/// Without optimization a program takes about ten times as long, so there are fewer of them.
fn programs(optimized: u64, debug: u64) -> u64 {
    if cfg!(debug_assertions) { debug } else { optimized }
}

/// Runs the programs of these seeds; every fourth with automatic collection.
fn run(seeds: u64, finalizers: bool) {
    tell_only_of_what_went_wrong();
    for seed in 0..seeds {
        let mut random = Random(seed);
        let world = World::new(seed % 4 == 3, finalizers);
        for number in 0..STEPS {
            let step = AssertUnwindSafe(|| {
                world.step(&mut random);
                world.check();
            });
            if let Err(payload) = catch_unwind(step) {
                eprintln!("seed {seed}, step {number}");
                resume_unwind(payload);
            }
        }
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| world.end())) {
            eprintln!("seed {seed}, at the end");
            resume_unwind(payload);
        }
    }
}

/// Panics that are part of the programs would fill the output.
fn tell_only_of_what_went_wrong() {
    std::panic::set_hook(Box::new(|info| {
        if info.payload().downcast_ref::<&str>() != Some(&"a visit that panics") {
            eprintln!("{info}");
        }
    }));
}

#[test]
fn programs_with_weak_maps_agree_with_the_model() {
    run(programs(3000, 300), false);
}

#[test]
fn programs_with_weak_maps_and_finalizers_agree_with_the_model() {
    run(programs(3000, 300), true);
}
