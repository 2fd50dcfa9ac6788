//! The shapes, how they hang together, and how a click finds its way.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use gc_core::{Gc, GcFn, Slot, Trace};

/// What all shapes have. `dyn Shape` is what a scene is made of; that it is `Trace` makes it one.
pub(crate) trait Shape: Trace {
    fn frame(&self) -> &Frame;
    fn covers(&self, at: Point) -> bool;
    fn looks(&self) -> String;

    /// The names of the shapes that this one is in.
    fn path(&self) -> String {
        let mut path = String::new();
        let mut above = self.frame().parent.get();
        while let Some(shape) = above {
            path = format!("/{}{path}", shape.frame().name);
            above = shape.frame().parent.get();
        }
        path
    }
}

/// What is called for a click. It may hold whatever it listens to.
pub(crate) type Listener = GcFn<dyn Fn(&Click)>;

/// A shape's place in the scene.
#[derive(Trace)]
pub(crate) struct Frame {
    pub(crate) name: &'static str,
    parent: Slot<dyn Shape>,
    children: RefCell<Vec<Gc<dyn Shape>>>,
    pub(crate) listeners: RefCell<Vec<Listener>>,
    pub(crate) is_lit: Cell<bool>,
}

impl Frame {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            parent: Slot::empty(),
            children: RefCell::default(),
            listeners: RefCell::default(),
            is_lit: Cell::new(false),
        }
    }

    pub(crate) fn listen(&self, listener: Listener) {
        self.listeners.borrow_mut().push(listener);
    }
}

pub(crate) struct Click {
    pub(crate) target: &'static str,
}

#[derive(Clone, Copy, Trace)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.x, self.y)
    }
}

/// Shared by `Rc`, as it can hold no handle.
#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct Style {
    pub(crate) color: &'static str,
}

#[derive(Trace)]
pub(crate) struct Group {
    pub(crate) frame: Frame,
}

#[derive(Trace)]
pub(crate) struct Circle {
    pub(crate) frame: Frame,
    pub(crate) center: Point,
    pub(crate) radius: f64,
    pub(crate) style: Rc<Style>,
}

#[derive(Trace)]
pub(crate) struct Rectangle {
    pub(crate) frame: Frame,
    pub(crate) corner: Point,
    pub(crate) size: Point,
}

impl Shape for Group {
    fn frame(&self) -> &Frame {
        &self.frame
    }
    fn covers(&self, _: Point) -> bool {
        false
    }
    fn looks(&self) -> String {
        "group".into()
    }
}

impl Shape for Circle {
    fn frame(&self) -> &Frame {
        &self.frame
    }
    fn covers(&self, at: Point) -> bool {
        (at.x - self.center.x).hypot(at.y - self.center.y) <= self.radius
    }
    fn looks(&self) -> String {
        format!("{} circle", self.style.color)
    }
}

impl Shape for Rectangle {
    fn frame(&self) -> &Frame {
        &self.frame
    }
    fn covers(&self, at: Point) -> bool {
        let (right, bottom) = (self.corner.x + self.size.x, self.corner.y + self.size.y);
        (self.corner.x..right).contains(&at.x) && (self.corner.y..bottom).contains(&at.y)
    }
    fn looks(&self) -> String {
        "rectangle".into()
    }
}

/// Puts `child` into `parent`. Each holds the other.
pub(crate) fn add(parent: &Gc<dyn Shape>, child: &Gc<dyn Shape>) {
    child.frame().parent.set(Some(parent.clone()));
    parent.frame().children.borrow_mut().push(child.clone());
}

/// Takes a shape out of what it is in.
pub(crate) fn remove(shape: &Gc<dyn Shape>) {
    if let Some(parent) = shape.frame().parent.take() {
        parent.frame().children.borrow_mut().retain(|child| !Gc::ptr_eq(child, shape));
    }
}

/// The shape and what is in it, a line for each, indented.
pub(crate) fn outline(root: &Gc<dyn Shape>) -> String {
    let mut page = String::new();
    let mut todo = vec![(root.clone(), 0)];
    while let Some((shape, depth)) = todo.pop() {
        let frame = shape.frame();
        let lit = if frame.is_lit.get() { ", lit" } else { "" };
        page += &format!("{:1$}{2}: {3}{lit}\n", "", 4 * depth, frame.name, shape.looks());
        todo.extend(frame.children.borrow().iter().rev().map(|child| (child.clone(), depth + 1)));
    }
    page
}

/// Finds the topmost shape at a place, and tells the listeners: its own, then those of what it is in.
pub(crate) fn click(root: &Gc<dyn Shape>, at: Point) -> Option<Gc<dyn Shape>> {
    let hit = topmost(root, at)?;
    let click = Click { target: hit.frame().name };
    let mut next = Some(hit.clone());
    while let Some(shape) = next {
        // Clones, so that a listener may add or remove listeners.
        let listeners = shape.frame().listeners.borrow().clone();
        listeners.iter().for_each(|listener| listener(&click));
        next = shape.frame().parent.get();
    }
    Some(hit)
}

/// What was put in last is on top.
fn topmost(root: &Gc<dyn Shape>, at: Point) -> Option<Gc<dyn Shape>> {
    let mut todo = vec![root.clone()];
    let mut found = None;
    while let Some(shape) = todo.pop() {
        if shape.covers(at) {
            found = Some(shape.clone());
        }
        todo.extend(shape.frame().children.borrow().iter().rev().cloned());
    }
    found
}
