//! [`Gc::deep_clone`]: a graph once more, of the same shape, without recursion.
//!
//! A handle that never changes has to be right when its object is made, so its target's clone comes
//! first. That order exists: safe code cannot close a cycle without changing a handle afterwards, in a
//! cell. Handles in cells are put right at the end, when every clone is there. Handles without a cell
//! that are `Weak` may lead back to what is still to come; so the places of all clones are taken before
//! the first is made, as [`Gc::new_cyclic`] takes its one.
//!
//! All this is safe code but for the taking of places: no clone is seen before it has its value, and none
//! is written to afterwards but through its own cells.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::mem::{forget, replace};

use crate::any::AnyGc;
use crate::birth::{Unbuilt, object_for};
use crate::gc::{Gc, out_of_memory};
use crate::object::{Life, ObjectRef};
use crate::settings::Generation;
use crate::sites;
use crate::state::HeapRef;
use crate::trace::Trace;
use crate::weak::Weak;

mod std_types;

/// A type whose objects [`Gc::deep_clone`] can clone, together with what they lead to.
///
/// `#[derive(DeepClone)]` writes it; each field has to have it, or `#[deep_clone(clone)]` above it, which
/// clones the field by its own `Clone`: a handle in it then leads to the same object as before. All of
/// plain data, the containers and cells of std, `Gc`, `Slot` and `Weak` have it; a
/// [`Leaf`](crate::Leaf) has it for whatever can be cloned.
///
/// ```
/// use gc_core::{DeepClone, Gc, Slot, Trace, Weak};
///
/// #[derive(Trace, DeepClone)]
/// struct Node {
///     name: String,
///     parent: Weak<Node>,
///     next: Slot<Node>,
///     children: Vec<Gc<Node>>,
/// }
///
/// let tree = Gc::new_cyclic(|me| {
///     let child = || Node { name: "child".into(), parent: me.clone(), next: Slot::empty(), children: vec![] };
///     let (one, two) = (Gc::new(child()), Gc::new(child()));
///     one.next.set(Some(two.clone()));
///     two.next.set(Some(one.clone())); // a cycle
///     Node { name: "root".into(), parent: Weak::new(), next: Slot::empty(), children: vec![one, two] }
/// });
///
/// let copy = Gc::deep_clone(&tree);
/// let [one, two] = &copy.children[..] else { panic!("as many") };
/// assert!(Gc::ptr_eq(&one.next.get().unwrap(), two)); // the same cycle,
/// assert!(Gc::ptr_eq(&two.next.get().unwrap(), one));
/// assert!(!Gc::ptr_eq(one, &tree.children[0])); // of other objects,
/// assert!(Gc::ptr_eq(&one.parent.upgrade().unwrap(), &copy)); // whose parent is the copy
/// ```
///
/// # By hand
///
/// Three methods, each of which goes on to the fields' own. What they do is no matter of soundness: a
/// handle that [`handles`](DeepClone::handles) leaves out leads to the same object in the clone. They may
/// be called in any order, and more than once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be deeply cloned: it does not implement `DeepClone`",
    label = "`DeepClone` is missing for `{Self}`",
    note = "for a type of your own, write `#[derive(DeepClone)]` above it",
    note = "else put `#[deep_clone(clone)]` on the field: a handle in it then leads to the same object in the clone"
)]
pub trait DeepClone: Trace {
    /// Tells `found` of each handle whose target is to be cloned, too; a cell does so
    /// [within](Handles::in_cell).
    fn handles(&self, found: &mut Handles);

    /// A clone, with each handle replaced by what `clones` has for it.
    ///
    /// In a cell that may be the original still; [`relink`](DeepClone::relink) comes back to it.
    #[must_use = "the clone is lost otherwise"]
    fn deep_clone(&self, clones: &Clones) -> Self
    where
        Self: Sized;

    /// Puts the handles in the cells of this clone of `original` right: `clones` has them all now.
    fn relink(&self, original: &Self, clones: &Clones);
}

/// What [`DeepClone::handles`] tells its findings to.
#[derive(Debug, Default)]
pub struct Handles {
    fixed: Vec<Found>,
    in_cells: Vec<Found>,
    /// How many cells are being looked into.
    depth: usize,
}

impl Handles {
    /// The object behind this handle is to be cloned.
    ///
    /// ```
    /// use gc_core::{Clones, DeepClone, Gc, Handles, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Pair(Gc<i32>, Gc<i32>);
    ///
    /// impl DeepClone for Pair {
    ///     fn handles(&self, found: &mut Handles) {
    ///         found.handle(&self.0); // the other is shared
    ///     }
    ///     fn deep_clone(&self, clones: &Clones) -> Self {
    ///         Pair(clones.of(&self.0), clones.of(&self.1))
    ///     }
    ///     fn relink(&self, _: &Self, _: &Clones) {}
    /// }
    ///
    /// let pair = Gc::new(Pair(Gc::new(1), Gc::new(2)));
    /// let copy = Gc::deep_clone(&pair);
    /// assert!(!Gc::ptr_eq(&copy.0, &pair.0));
    /// assert!(Gc::ptr_eq(&copy.1, &pair.1));
    /// ```
    pub fn handle<T: DeepClone>(&mut self, handle: &Gc<T>) {
        let found = Found { original: handle.clone().into(), kind: Kind::of::<T>() };
        if self.depth == 0 { self.fixed.push(found) } else { self.in_cells.push(found) }
    }

    /// What `look` tells of is in a cell, and can be put right later.
    ///
    /// ```
    /// use gc_core::{Clones, DeepClone, Gc, Handles, Trace};
    /// use std::cell::RefCell;
    ///
    /// #[derive(Trace)]
    /// struct Node(RefCell<Vec<Gc<Node>>>);
    ///
    /// impl DeepClone for Node {
    ///     fn handles(&self, found: &mut Handles) {
    ///         found.in_cell(|found| self.0.borrow().iter().for_each(|node| found.handle(node)));
    ///     }
    ///     fn deep_clone(&self, _: &Clones) -> Self {
    ///         Node(RefCell::default())
    ///     }
    ///     fn relink(&self, original: &Self, clones: &Clones) {
    ///         self.0.replace(original.0.borrow().iter().map(|node| clones.of(node)).collect());
    ///     }
    /// }
    ///
    /// let node = Gc::new(Node(RefCell::default()));
    /// node.0.borrow_mut().push(node.clone()); // a cycle
    /// let copy = Gc::deep_clone(&node);
    /// assert!(Gc::ptr_eq(&copy.0.borrow()[0], &copy));
    /// ```
    pub fn in_cell(&mut self, look: impl FnOnce(&mut Self)) {
        self.depth += 1;
        look(self);
        self.depth -= 1;
    }
}

/// The clones of the objects that are being cloned.
pub struct Clones {
    numbers: HashMap<ObjectRef, usize>,
    nodes: Vec<Node>,
}

impl Clones {
    /// The clone of this object; the object itself if it is not among those that are cloned, or its
    /// clone is still to be made.
    ///
    /// ```
    /// use gc_core::{Clones, DeepClone, Gc, Handles, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Named(Gc<String>);
    ///
    /// impl DeepClone for Named {
    ///     fn handles(&self, found: &mut Handles) {
    ///         found.handle(&self.0);
    ///     }
    ///     fn deep_clone(&self, clones: &Clones) -> Self {
    ///         Named(clones.of(&self.0))
    ///     }
    ///     fn relink(&self, _: &Self, _: &Clones) {}
    /// }
    ///
    /// let ada = Gc::new(Named(Gc::new("Ada".into())));
    /// let copy = Gc::deep_clone(&ada);
    /// assert_eq!(copy.0, ada.0);
    /// assert!(!Gc::ptr_eq(&copy.0, &ada.0));
    /// ```
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn of<T: DeepClone>(&self, original: &Gc<T>) -> Gc<T> {
        let clone = match self.node(original.object()).map(|node| &node.clone) {
            Some(Stage::Made(clone)) => clone.clone().downcast::<T>().ok(),
            _ => None,
        };
        clone.unwrap_or_else(|| original.clone())
    }

    /// A weak handle to the clone of this object, or to the object itself if it is not among those that
    /// are cloned.
    ///
    /// ```
    /// use gc_core::{Clones, DeepClone, Gc, Handles, Trace, Weak};
    ///
    /// #[derive(Trace)]
    /// struct Node(Weak<Node>);
    ///
    /// impl DeepClone for Node {
    ///     fn handles(&self, _: &mut Handles) {}
    ///     fn deep_clone(&self, clones: &Clones) -> Self {
    ///         Node(clones.weak_of(&self.0))
    ///     }
    ///     fn relink(&self, _: &Self, _: &Clones) {}
    /// }
    ///
    /// let node = Gc::new_cyclic(|me| Node(me.clone()));
    /// let copy = Gc::deep_clone(&node);
    /// assert!(Gc::ptr_eq(&copy.0.upgrade().unwrap(), &copy));
    /// ```
    #[must_use = "an unused weak handle does nothing"]
    pub fn weak_of<T: DeepClone>(&self, original: &Weak<T>) -> Weak<T> {
        let node = original.object().and_then(|object| self.node(object));
        let Some(node) = node.filter(|node| node.found.kind.is::<T>()) else {
            return original.clone();
        };
        let clone = match &node.clone {
            Stage::Place(Unbuilt(place)) => *place,
            Stage::Made(clone) => clone.object(),
        };
        // SAFETY: the object's place was taken for a `T`, says its kind.
        unsafe { Weak::to_object(clone, clone.value().cast()) }
    }

    fn node(&self, original: ObjectRef) -> Option<&Node> {
        self.numbers.get(&original).map(|&number| &self.nodes[number])
    }
}

impl fmt::Debug for Clones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clones").field("len", &self.nodes.len()).finish_non_exhaustive()
    }
}

impl<T: DeepClone> Gc<T> {
    /// Clones the object and all that it leads to, by way of [`DeepClone`]: what is shared is shared in
    /// the clone, and what is a cycle is a cycle. The new objects live in the heaps of the old.
    ///
    /// A `Weak` to an object that is cloned leads to the clone, another one to where it led before.
    /// Watches and cleanups are not taken over. There is no recursion along handles, so a list of any
    /// length is cloned on any stack.
    ///
    /// What is in a `RefCell` is cloned twice, and the second clone is kept.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// let list = Gc::new(vec![one.clone(), one]);
    /// let copy = Gc::deep_clone(&list);
    /// assert_eq!(copy, list);
    /// assert!(!Gc::ptr_eq(&copy[0], &list[0]));
    /// assert!(Gc::ptr_eq(&copy[0], &copy[1])); // shared, as before
    /// ```
    ///
    /// # Panics
    ///
    /// If a `RefCell` in the graph is mutably borrowed, or the `Clone` of some data panics: the clones
    /// made so far are dropped, and the originals are as they were. Each new object may collect, as in
    /// [`Gc::new`].
    #[must_use = "the clone is lost otherwise"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn deep_clone(this: &Self) -> Self {
        let Graph { numbers, all, needs } = discover(this);
        let mut clones = Clones { numbers, nodes: Vec::with_capacity(all.len()) };
        for found in all {
            let heap = found.original.object().page().heap();
            let place = (found.kind.place)(heap);
            sites::note(place);
            clones.nodes.push(Node { found, clone: Stage::Place(Unbuilt(place)) });
        }
        for number in after_its_needs(&needs) {
            clones.make(number);
        }
        for node in &clones.nodes {
            if let Stage::Made(clone) = &node.clone {
                let original = node.found.original.object();
                // SAFETY: both are handles to objects whose value is of this kind.
                unsafe { (node.found.kind.relink)(clone.object(), original, &clones) };
            }
        }
        clones.of(this)
    }
}

impl Clones {
    fn make(&mut self, number: usize) {
        let Node { found, clone } = &self.nodes[number];
        let Stage::Place(Unbuilt(place)) = *clone else { return };
        // SAFETY: the original is of this kind, and the place was taken for it and has no value yet.
        unsafe { (found.kind.make)(place, found.original.object(), self) };
        // SAFETY: the object has its value, and its count of one is for this handle.
        let made = Stage::Made(unsafe { AnyGc::from_counted(place) });
        // Not dropped, which would give the place back.
        forget(replace(&mut self.nodes[number].clone, made));
    }
}

/// An object to be cloned.
struct Node {
    found: Found,
    clone: Stage,
}

#[derive(Debug)]
struct Found {
    original: AnyGc,
    kind: &'static Kind,
}

/// How far a clone is.
enum Stage {
    /// It has a place and no value; weak handles may lead there.
    Place(Unbuilt),
    Made(AnyGc),
}

/// What can be done with objects of one type.
#[derive(Debug)]
struct Kind {
    type_id: fn() -> TypeId,
    /// # Safety
    /// The object has a value, which is of this kind.
    handles: unsafe fn(ObjectRef, &mut Handles),
    /// A place for a value of this kind.
    place: fn(HeapRef) -> ObjectRef,
    /// Gives a place its value, a clone of the second object's.
    ///
    /// # Safety
    /// `place` returned the first object, which has no value yet; the second has one of this kind.
    make: unsafe fn(ObjectRef, ObjectRef, &Clones),
    /// Puts right the handles in the cells of the first object, a clone of the second.
    ///
    /// # Safety
    /// Both objects have a value, which is of this kind.
    relink: unsafe fn(ObjectRef, ObjectRef, &Clones),
}

impl Kind {
    const fn of<T: DeepClone>() -> &'static Self {
        &Self {
            type_id: TypeId::of::<T>,
            handles: handles::<T>,
            place: place::<T>,
            make: make::<T>,
            relink: relink::<T>,
        }
    }

    fn is<T: 'static>(&self) -> bool {
        (self.type_id)() == TypeId::of::<T>()
    }
}

/// # Safety
/// The object has a value, a `T`, and a handle for as long as the reference is used.
unsafe fn value<'a, T>(object: ObjectRef) -> &'a T {
    // SAFETY: the caller's duty. Nobody has `&mut` to the value: that takes the only handle.
    unsafe { object.value().cast::<T>().as_ref() }
}

/// # Safety
/// As [`Kind::handles`].
unsafe fn handles<T: DeepClone>(object: ObjectRef, found: &mut Handles) {
    // SAFETY: the caller's duty; what was found holds a handle.
    unsafe { value::<T>(object) }.handles(found);
}

fn place<T: DeepClone>(heap: HeapRef) -> ObjectRef {
    object_for::<T>(heap, Life::Empty).unwrap_or_else(|| out_of_memory::<T>())
}

/// # Safety
/// As [`Kind::make`].
unsafe fn make<T: DeepClone>(place: ObjectRef, original: ObjectRef, clones: &Clones) {
    // SAFETY: the caller's duty; the node holds a handle.
    let clone = unsafe { value::<T>(original) }.deep_clone(clones);
    // SAFETY: the caller's duty: the place was made for a `T` and has none; weak handles cannot give it
    // one.
    unsafe { place.value().cast::<T>().write(clone) };
    // Collections may have passed since the place was taken: it is born now.
    place.set_field(place.page().heap().field_of(Generation::Young));
    place.enter(Life::Alive);
}

/// # Safety
/// As [`Kind::relink`].
unsafe fn relink<T: DeepClone>(clone: ObjectRef, original: ObjectRef, clones: &Clones) {
    // SAFETY: the caller's duty; the node holds a handle.
    let clone = unsafe { value::<T>(clone) };
    // SAFETY: likewise.
    clone.relink(unsafe { value::<T>(original) }, clones);
}

/// The objects to be cloned, and which of them each holds by handles without a cell.
#[derive(Default)]
struct Graph {
    numbers: HashMap<ObjectRef, usize>,
    all: Vec<Found>,
    needs: Vec<Vec<usize>>,
}

/// Finds all that is to be cloned. What is found holds handles, so no object's place is used again
/// meanwhile.
fn discover<T: DeepClone>(root: &Gc<T>) -> Graph {
    let mut graph = Graph::default();
    graph.add(Found { original: root.clone().into(), kind: Kind::of::<T>() });
    while graph.needs.len() < graph.all.len() {
        let Found { original, kind } = &graph.all[graph.needs.len()];
        let mut found = Handles::default();
        // SAFETY: the original is of this kind, as the handle was that it was found by.
        unsafe { (kind.handles)(original.object(), &mut found) };
        let needs = found.fixed.into_iter().map(|found| graph.add(found)).collect();
        graph.needs.push(needs);
        for found in found.in_cells {
            graph.add(found);
        }
    }
    graph
}

impl Graph {
    /// The number of this object, a new one if it was not known.
    fn add(&mut self, found: Found) -> usize {
        *self.numbers.entry(found.original.object()).or_insert_with(|| {
            self.all.push(found);
            self.all.len() - 1
        })
    }
}

/// All nodes, each after those that it needs. (Where these need it in turn, which only a mistake in a
/// hand-written [`DeepClone::handles`] can say, one of them comes first all the same.)
fn after_its_needs(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(needs.len());
    let mut is_met = vec![false; needs.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    for start in 0..needs.len() {
        if !replace(&mut is_met[start], true) {
            open.push((start, 0));
        }
        while let Some((number, next)) = open.last_mut() {
            let Some(&need) = needs[*number].get(*next) else {
                order.push(*number);
                open.pop();
                continue;
            };
            *next += 1;
            if !replace(&mut is_met[need], true) {
                open.push((need, 0));
            }
        }
    }
    order
}
