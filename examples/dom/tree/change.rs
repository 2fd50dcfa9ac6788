//! What a program does to a document. Unlike the parser it may ask for what cannot be, and is refused.

use std::cell::RefCell;
use std::fmt;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};

use super::super::pointer::{Gc, Heap, Slot};
use super::node::{self, Data, Element, Node};

/// Why a node cannot go where it was to go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refused {
    /// It is there itself, or the place is below it.
    IntoItself,
    /// Texts and comments have no children.
    Childless,
    /// Beside it is no place: it has no parent.
    NoParent,
    /// A document is nobody's child.
    Root,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::IntoItself => "a node cannot be put below itself",
            Refused::Childless => "such a node has no children",
            Refused::NoParent => "a node without a parent has nobody beside it",
            Refused::Root => "a document cannot be put below a node",
        })
    }
}

impl std::error::Error for Refused {}

/// An element of HTML without attributes or children.
pub(crate) fn new_element(heap: &Heap, name: &str) -> Gc<Node> {
    let name = QualName::new(None, ns!(html), LocalName::from(name));
    let element = Element {
        name,
        attributes: RefCell::default(),
        template: Slot::empty(),
        is_integration_point: false,
    };
    Gc::new_in(heap, Node::new(Data::Element(element)))
}

pub(crate) fn new_text(heap: &Heap, text: &str) -> Gc<Node> {
    Gc::new_in(heap, Node::new(Data::Text(RefCell::new(text.into()))))
}

/// Makes `child` the last child of `parent`, with all that is below it, taking it from where it was.
pub(crate) fn append(parent: &Gc<Node>, child: &Gc<Node>) -> Result<(), Refused> {
    check(parent, child)?;
    node::append(parent, child);
    Ok(())
}

/// Puts `child` before `sibling`, taking it from where it was.
pub(crate) fn insert_before(sibling: &Gc<Node>, child: &Gc<Node>) -> Result<(), Refused> {
    let parent = sibling.parent().ok_or(Refused::NoParent)?;
    check(&parent, child)?;
    if !Gc::ptr_eq(sibling, child) {
        node::insert_before(sibling, child);
    }
    Ok(())
}

/// Puts `new` in the place of `old`, which is on its own then, with all that is below it.
pub(crate) fn replace(old: &Gc<Node>, new: &Gc<Node>) -> Result<(), Refused> {
    insert_before(old, new)?;
    if !Gc::ptr_eq(old, new) {
        old.detach();
    }
    Ok(())
}

fn check(parent: &Gc<Node>, child: &Gc<Node>) -> Result<(), Refused> {
    if !matches!(parent.data, Data::Document | Data::Fragment | Data::Element(_)) {
        return Err(Refused::Childless);
    }
    if matches!(child.data, Data::Document | Data::Fragment) {
        return Err(Refused::Root);
    }
    let mut way_up = std::iter::successors(Some(parent.clone()), |node| node.parent());
    if way_up.any(|node| Gc::ptr_eq(&node, child)) {
        return Err(Refused::IntoItself);
    }
    Ok(())
}

impl Element {
    /// Gives the attribute with this name, in which ASCII case does not matter, a value.
    pub(crate) fn set_attribute(&self, name: &str, value: impl Into<StrTendril>) {
        let (name, value) = (name.to_ascii_lowercase(), value.into());
        let mut attributes = self.attributes.borrow_mut();
        match attributes.iter_mut().find(|a| (*a.name.local).eq_ignore_ascii_case(&name)) {
            Some(attribute) => attribute.value = value,
            None => {
                let name = QualName::new(None, ns!(), LocalName::from(name));
                attributes.push(Attribute { name, value });
            }
        }
    }

    pub(crate) fn remove_attribute(&self, name: &str) {
        let is_other = |a: &Attribute| !(*a.name.local).eq_ignore_ascii_case(name);
        self.attributes.borrow_mut().retain(is_other);
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::Walk;
    use super::super::sink::parse;
    use super::*;

    /// The tags and texts below a node, in order, with the depth of each.
    fn outline(root: &Gc<Node>) -> String {
        let show = |visit: super::super::node::Visit| match &visit.node.data {
            Data::Element(element) => format!("{}{}", visit.depth, element.name.local),
            _ => format!("{}{}", visit.depth, visit.node),
        };
        Walk::of(root).map(show).collect::<Vec<_>>().join(" ")
    }

    fn select(root: &Gc<Node>, selector: &str) -> Vec<Gc<Node>> {
        let selector: super::super::select::Selector = selector.parse().expect("a selector");
        selector.matches(Walk::of(root)).collect()
    }

    fn one(root: &Gc<Node>, selector: &str) -> Gc<Node> {
        let [found] = <[Gc<Node>; 1]>::try_from(select(root, selector)).ok().expect("one");
        found
    }

    #[test]
    fn subtrees_are_moved_replaced_and_removed_as_a_whole() {
        let heap = Heap::new();
        let root = parse(&heap, b"<body><ul><li>a<li>b</ul><p>c", |_| ()).root;
        let [body, list, paragraph] = ["body", "ul", "p"].map(|tag| one(&root, tag));
        assert_eq!(append(&paragraph, &list), Ok(()));
        assert_eq!(outline(&body), r#"0body 1p 2"c" 2ul 3li 4"a" 3li 4"b""#);
        let [first, second] = <[_; 2]>::try_from(select(&root, "li")).ok().expect("two");
        assert_eq!(replace(&first, &new_element(&heap, "hr")), Ok(()));
        assert_eq!(insert_before(&paragraph, &second), Ok(()));
        assert_eq!(outline(&body), r#"0body 1li 2"b" 1p 2"c" 2ul 3hr"#);
        assert_eq!(outline(&first), r#"0li 1"a""#);
        // A neighbour takes the place.
        assert_eq!(replace(&second, &paragraph), Ok(()));
        assert_eq!(append(&paragraph, &new_text(&heap, "d")), Ok(()));
        list.detach();
        assert_eq!(outline(&body), r#"0body 1p 2"c" 2"d""#);
        assert_eq!((outline(&list), list.parent().is_none()), ("0ul 1hr".into(), true));
    }

    #[test]
    fn what_would_break_the_tree_is_refused_and_nothing_changes() {
        let heap = Heap::new();
        let root = parse(&heap, b"<body><ul><li>a</ul>", |_| ()).root;
        let [body, list, item] = ["body", "ul", "li"].map(|tag| one(&root, tag));
        let text = new_text(&heap, "b");
        let before = outline(&root);
        assert_eq!(append(&item, &list), Err(Refused::IntoItself));
        assert_eq!(append(&list, &list), Err(Refused::IntoItself));
        assert_eq!(insert_before(&item, &body), Err(Refused::IntoItself));
        assert_eq!(replace(&item, &list), Err(Refused::IntoItself));
        assert_eq!(append(&text, &item), Err(Refused::Childless));
        assert_eq!(insert_before(&text, &item), Err(Refused::NoParent));
        assert_eq!(replace(&root, &item), Err(Refused::NoParent));
        assert_eq!(append(&item, &root), Err(Refused::Root));
        assert_eq!(insert_before(&item, &item), Ok(()));
        assert_eq!(replace(&item, &item), Ok(()));
        assert_eq!(outline(&root), before);
    }

    #[test]
    fn attributes_are_set_changed_and_removed_and_queries_see_it() {
        let heap = Heap::new();
        let root = parse(&heap, b"<p class=a>", |_| ()).root;
        let node = one(&root, "p.a");
        let element = node.element().expect("an element");
        element.set_attribute("CLASS", "b");
        element.set_attribute("Lang", "en");
        assert_eq!(node.to_string(), "<p class=\"b\" lang=\"en\">");
        assert_eq!((select(&root, "p.a").len(), select(&root, "p.b[lang=en]").len()), (0, 1));
        element.remove_attribute("class");
        assert_eq!(node.to_string(), "<p lang=\"en\">");
    }
}
