//! What `#[derive(Trace)]` writes, seen from the side of its user. `derived_expanded.rs` is this program
//! with the derive's output in place of the derive, and the two behave alike.
//!
//! `cargo run --example derived`

use std::cell::RefCell;
use std::marker::PhantomData;

use gc_core::{Finalize, FinalizeCx, Gc, Slot, Trace, Weak};

/// A struct: each field is visited but the skipped one, and a finalizer is named.
#[derive(Trace)]
#[trace(finalize)]
struct Element {
    parent: Weak<Element>,
    children: RefCell<Vec<Gc<Element>>>,
    content: Content<String>,
    #[trace(skip)]
    on_removal: Box<dyn Fn(&str)>,
}

impl Finalize for Element {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        (self.on_removal)(self.content.name());
    }
}

/// An enum, generic: the parameter is bounded, since a value of it is visited.
#[derive(Trace)]
enum Content<T> {
    Nothing,
    Text(T),
    Link { label: T, target: Slot<Element> },
}

impl Content<String> {
    fn name(&self) -> &str {
        match self {
            Content::Nothing => "nothing",
            Content::Text(text) => text,
            Content::Link { label, .. } => label,
        }
    }
}

/// A leaf: nothing is visited or asked, and `Drop` is permitted.
#[derive(Trace)]
#[trace(leaf)]
struct Id<Of> {
    number: u32,
    of: PhantomData<Of>,
}

impl<Of> Drop for Id<Of> {
    fn drop(&mut self) {
        println!("number {} is free again", self.number);
    }
}

fn element(parent: &Weak<Element>, content: Content<String>) -> Gc<Element> {
    Gc::new(Element {
        parent: parent.clone(),
        children: RefCell::default(),
        content,
        on_removal: Box::new(|name| println!("{name} is removed")),
    })
}

fn main() {
    let page = element(&Weak::new(), Content::Nothing);
    let text = element(&Gc::downgrade(&page), Content::Text("a text".to_owned()));
    let target = Slot::empty();
    target.set(Some(page.clone()));
    let link = Content::Link { label: "a link to the page".to_owned(), target };
    let link = element(&Gc::downgrade(&page), link);
    page.children.borrow_mut().extend([text, link]);
    assert!(page.children.borrow()[0].parent.upgrade().is_some());

    // The page holds the link, and the link the page: a collection frees both.
    drop(page);
    let freed = gc_core::collect().collected;
    println!("{freed} objects were freed");
    assert_eq!(freed, 3);

    let id = Gc::new(Id::<Element> { number: 7, of: PhantomData });
    assert!(!Gc::is_tracked(&id));
}
