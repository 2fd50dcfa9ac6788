//! `derived.rs` with the output of `#[derive(Trace)]` in place of the derive, word for word: a test of
//! gc-derive compares the two. What the derive says to the heap can be read here.
//!
//! `cargo run --example derived_expanded`

use std::cell::RefCell;
use std::marker::PhantomData;

use gc_core::{Finalize, FinalizeCx, Gc, Slot, Weak};

/// A struct: each field is visited but the skipped one, and a finalizer is named.
struct Element {
    parent: Weak<Element>,
    children: RefCell<Vec<Gc<Element>>>,
    content: Content<String>,
    on_removal: Box<dyn Fn(&str)>,
}

// SAFETY: each field's handles are reported once, by the field itself, and nothing else is done. The
// skipped field reports none. The impl below rules out a `Drop`.
#[automatically_derived]
unsafe impl ::gc_core::Trace for Element {
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self { parent: __field0, children: __field1, content: __field2, .. } => {
                <Weak<Element> as ::gc_core::Trace>::trace(__field0, __tracer);
                <RefCell<Vec<Gc<Element>>> as ::gc_core::Trace>::trace(__field1, __tracer);
                <Content<String> as ::gc_core::Trace>::trace(__field2, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self { parent: __field0, children: __field1, content: __field2, .. } => {
                <Weak<Element> as ::gc_core::Trace>::inspect(__field0, __inspector.field("parent"));
                <RefCell<Vec<Gc<Element>>> as ::gc_core::Trace>::inspect(
                    __field1,
                    __inspector.field("children"),
                );
                <Content<String> as ::gc_core::Trace>::inspect(
                    __field2,
                    __inspector.field("content"),
                );
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <Weak<Element> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <RefCell<Vec<Gc<Element>>> as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Content<String> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self { parent: __field0, children: __field1, content: __field2, .. } => {
                <Weak<Element> as ::gc_core::Trace>::drops_nothing(__field0)
                    && <RefCell<Vec<Gc<Element>>> as ::gc_core::Trace>::drops_nothing(__field1)
                    && <Content<String> as ::gc_core::Trace>::drops_nothing(__field2)
                    && !::core::mem::needs_drop::<Box<dyn Fn(&str)>>()
            }
        }
    }
    #[inline]
    fn finalizer() -> ::core::option::Option<::gc_core::Finalizer<Self>> {
        ::core::option::Option::Some(::gc_core::Finalizer::new(
            <Self as ::gc_core::Finalize>::finalize,
        ))
    }
}

// Every type with a `Drop` has this impl already, so one with both does not compile.
#[automatically_derived]
impl ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Element {}

impl Finalize for Element {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        (self.on_removal)(self.content.name());
    }
}

/// An enum, generic: the parameter is bounded, since a value of it is visited.
enum Content<T> {
    Nothing,
    Text(T),
    Link { label: T, target: Slot<Element> },
}

// SAFETY: as above, for the fields of whichever variant it is.
#[automatically_derived]
unsafe impl<T> ::gc_core::Trace for Content<T>
where
    T: ::gc_core::Trace,
{
    #[inline]
    fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
        match self {
            Self::Nothing { .. } => {}
            Self::Text { 0: __field0, .. } => {
                <T as ::gc_core::Trace>::trace(__field0, __tracer);
            }
            Self::Link { label: __field0, target: __field1, .. } => {
                <T as ::gc_core::Trace>::trace(__field0, __tracer);
                <Slot<Element> as ::gc_core::Trace>::trace(__field1, __tracer);
            }
        }
    }
    fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
        match self {
            Self::Nothing { .. } => {}
            Self::Text { 0: __field0, .. } => {
                <T as ::gc_core::Trace>::inspect(__field0, __inspector.field("Text.0"));
            }
            Self::Link { label: __field0, target: __field1, .. } => {
                <T as ::gc_core::Trace>::inspect(__field0, __inspector.field("Link.label"));
                <Slot<Element> as ::gc_core::Trace>::inspect(
                    __field1,
                    __inspector.field("Link.target"),
                );
            }
        }
    }
    #[inline]
    fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
        match ::gc_core::Depth::deeper(__depth) {
            ::core::option::Option::None => true,
            ::core::option::Option::Some(__depth) => {
                <T as ::gc_core::Trace>::may_hold_gc(__depth)
                    || <Slot<Element> as ::gc_core::Trace>::may_hold_gc(__depth)
            }
        }
    }
    #[inline]
    fn drops_nothing(&mut self) -> ::core::primitive::bool {
        match self {
            Self::Nothing { .. } => true,
            Self::Text { 0: __field0, .. } => <T as ::gc_core::Trace>::drops_nothing(__field0),
            Self::Link { label: __field0, target: __field1, .. } => {
                <T as ::gc_core::Trace>::drops_nothing(__field0)
                    && <Slot<Element> as ::gc_core::Trace>::drops_nothing(__field1)
            }
        }
    }
}

// As above: of all values, so without the bound.
#[automatically_derived]
impl<T> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Content<T> {}

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
struct Id<Of> {
    number: u32,
    of: PhantomData<Of>,
}

// SAFETY: nothing is reported, so a `Drop` cannot meet anything dead.
#[automatically_derived]
unsafe impl<Of> ::gc_core::Trace for Id<Of>
where
    Of: 'static,
{
    #[inline]
    fn trace(&self, _: &mut ::gc_core::Tracer<'_>) {}
    #[inline]
    fn may_hold_gc(_: ::gc_core::Depth) -> ::core::primitive::bool {
        false
    }
}

// What is behind an `Rc` has to have this: no handle is in here.
#[automatically_derived]
impl<Of> ::gc_core::GcFree for Id<Of> where Of: 'static {}

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
