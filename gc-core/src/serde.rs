//! serde, behind the feature `serde-1`: a [`Gc`] is written as `Rc` is, as its value; a [`Graph`] with its
//! sharing and its cycles.
//!
//! | type | is written as |
//! | --- | --- |
//! | `Gc<T>` | its value, once for each handle. Where that leads back to itself, an error |
//! | `Slot<T>` | `Option<Gc<T>>` |
//! | `Weak<T>` | `Option` of the value, if it lives. Read back, it is dead, as one of `Rc` |
//! | `Leaf<T>` | its value |
//! | [`Graph<T>`](Graph) | a table of nodes |

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde_1::de::{Error as _, SeqAccess, Visitor};
use serde_1::ser::{Error as _, SerializeSeq};
use serde_1::{Deserialize, Deserializer, Serialize, Serializer};

use crate::gc::Gc;
use crate::leaf::Leaf;
use crate::object::ObjectRef;
use crate::reentry;
use crate::slot::Slot;
use crate::trace::Trace;
use crate::weak::Weak;

// ---- handles as values -----------------------------------------------------------------------------

impl<T: ?Sized + Serialize> Serialize for Gc<T> {
    /// Writes the value.
    ///
    /// # Errors
    ///
    /// If the value leads back to itself: see [`Graph`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = reentry::serialize(self.object(), || (**self).serialize(serializer));
        written.unwrap_or_else(|| {
            Err(S::Error::custom(format_args!(
                "the object <{}> leads back to itself; write a `gc_core::serde::Graph`, or skip the \
                 field that closes the cycle",
                self.object().type_name()
            )))
        })
    }
}

impl<'de, T: ?Sized> Deserialize<'de> for Gc<T>
where
    Box<T>: Deserialize<'de>,
    Gc<T>: From<Box<T>>,
{
    /// Reads the value into an object of the thread's default heap.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<T>::deserialize(deserializer).map(Gc::from)
    }
}

impl<T: ?Sized + Serialize> Serialize for Slot<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de, T: ?Sized> Deserialize<'de> for Slot<T>
where
    Gc<T>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<Gc<T>>::deserialize(deserializer).map(Slot::new)
    }
}

impl<T: ?Sized + Serialize> Serialize for Weak<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.upgrade().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Weak<T> {
    /// Reads the value and drops it: nobody else would hold it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|_| Weak::new())
    }
}

impl<T: ?Sized + Serialize> Serialize for Leaf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Leaf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Leaf)
    }
}

// ---- a graph as a table ------------------------------------------------------------------------------

/// A type whose objects can be the nodes of a [`Graph`]: it tells its data and its links apart.
///
/// A graph of objects of several types has an `enum` of them for its nodes.
pub trait GraphNode: Trace + Sized {
    /// What a node is but for its links.
    type Data;

    /// What is written of this node.
    fn data(&self) -> Self::Data;

    /// The nodes that this one leads to, and where it could lead to one and does not.
    fn links(&self) -> Vec<Option<Gc<Self>>>;

    /// A node as it was, without links.
    fn new(data: Self::Data) -> Self;

    /// Links a new node to the others: `links` is what [`links`](GraphNode::links) was, as far as the
    /// input is to be trusted. There may be more or fewer.
    fn link(&self, links: Vec<Option<Gc<Self>>>);
}

/// An object and all that it is linked to, with their sharing and their cycles, to be written and read.
///
/// It is written as a list of nodes, the object itself first. Each is a pair: its data, and the numbers of
/// the nodes that it is linked to, in this list. There is no recursion along links, so a list of any length
/// can be written and read on any stack.
///
/// ```
/// # use serde_json_1 as serde_json;
/// use gc_core::serde::{Graph, GraphNode};
/// use gc_core::{Gc, Slot, Trace};
///
/// #[derive(Trace)]
/// struct Person {
///     name: String,
///     friend: Slot<Person>,
/// }
///
/// impl GraphNode for Person {
///     type Data = String;
///     fn data(&self) -> String {
///         self.name.clone()
///     }
///     fn links(&self) -> Vec<Option<Gc<Self>>> {
///         vec![self.friend.get()]
///     }
///     fn new(name: String) -> Self {
///         Self { name, friend: Slot::empty() }
///     }
///     fn link(&self, mut links: Vec<Option<Gc<Self>>>) {
///         self.friend.set(links.pop().flatten());
///     }
/// }
///
/// let ada = Gc::new(Person::new("Ada".into()));
/// ada.friend.set(Some(Gc::new(Person { name: "Bob".into(), friend: Slot::new(Some(ada.clone())) })));
///
/// let text = serde_json::to_string(&Graph::new(ada))?;
/// assert_eq!(text, r#"[["Ada",[1]],["Bob",[0]]]"#);
/// let ada: Gc<Person> = serde_json::from_str::<Graph<Person>>(&text)?.into_root();
/// assert!(Gc::ptr_eq(&ada, &ada.friend.get().unwrap().friend.get().unwrap()));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Graph<T> {
    root: Gc<T>,
}

impl<T> Graph<T> {
    /// The graph that can be reached from this object.
    #[must_use]
    pub fn new(root: Gc<T>) -> Self {
        Self { root }
    }

    /// The object that it was made of.
    #[must_use = "the graph is dropped otherwise"]
    pub fn into_root(self) -> Gc<T> {
        self.root
    }
}

impl<T> fmt::Debug for Graph<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph<{}>", std::any::type_name::<T>())
    }
}

/// The nodes in the order of their numbers, and where each is linked to.
struct Table<T> {
    nodes: Vec<Gc<T>>,
    links: Vec<Vec<Option<usize>>>,
}

impl<T: GraphNode> Table<T> {
    /// The nodes hold handles, so no object's place is used again meanwhile.
    fn of(root: &Gc<T>) -> Self {
        let mut table = Self { nodes: vec![root.clone()], links: Vec::new() };
        let mut numbers: HashMap<ObjectRef, usize> = HashMap::from([(root.object(), 0)]);
        while let Some(node) = table.nodes.get(table.links.len()) {
            let links = node.links().into_iter().map(|link| {
                let link = link?;
                Some(*numbers.entry(link.object()).or_insert_with(|| {
                    table.nodes.push(link);
                    table.nodes.len() - 1
                }))
            });
            let links = links.collect();
            table.links.push(links);
        }
        table
    }
}

impl<T: GraphNode<Data: Serialize>> Serialize for Graph<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let table = Table::of(&self.root);
        let mut list = serializer.serialize_seq(Some(table.nodes.len()))?;
        for (node, links) in table.nodes.iter().zip(&table.links) {
            list.serialize_element(&(node.data(), links))?;
        }
        list.end()
    }
}

impl<'de, T: GraphNode<Data: Deserialize<'de>>> Deserialize<'de> for Graph<T> {
    /// Reads the nodes into objects of the thread's default heap.
    ///
    /// # Errors
    ///
    /// If there is no node, or a link to one that is not there. What was made so far is dropped.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Nodes(PhantomData))
    }
}

struct Nodes<T>(PhantomData<fn() -> T>);

impl<'de, T: GraphNode<Data: Deserialize<'de>>> Visitor<'de> for Nodes<T> {
    type Value = Graph<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of nodes, each with its data and its links")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Graph<T>, A::Error> {
        // The input may lie about its length, so no room is made for it.
        let mut table: Table<T> = Table { nodes: Vec::new(), links: Vec::new() };
        while let Some((data, links)) = list.next_element::<(T::Data, Vec<Option<usize>>)>()? {
            table.nodes.push(Gc::new(T::new(data)));
            table.links.push(links);
        }
        let all = table.nodes.len();
        let astray = table.links.iter().flatten().flatten().find(|&&link| link >= all);
        if let Some(astray) = astray {
            return Err(A::Error::custom(format_args!("a link to node {astray} of {all}")));
        }
        let Some(root) = table.nodes.first().cloned() else {
            return Err(A::Error::custom("a graph has one node at least"));
        };
        for (node, links) in table.nodes.iter().zip(table.links) {
            let target = |link: Option<usize>| link.map(|link| table.nodes[link].clone());
            node.link(links.into_iter().map(target).collect());
        }
        Ok(Graph { root })
    }
}
