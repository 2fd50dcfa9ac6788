//! Types of other crates as fields, one test a crate. The bugs hunted here: a handle reported twice, a
//! handle not reported, a lock waited for, a leaf taken for a suspect.

use std::marker::PhantomData;

use gc_core::{AnyGc, Gc, GcFree, Trace};

type G = Gc<u8>;

fn g(n: u8) -> G {
    Gc::new(n)
}

/// How many handles a value reports from inside an object; a snapshot shows as many.
fn reported<T: Trace>(value: T) -> usize {
    let object = Gc::new(value);
    let reported = Gc::referents(&object).len();
    let snapshot = AnyGc::from(object.clone()).heap().snapshot();
    assert_eq!(snapshot.find(&object).map(|object| object.edges().len()), Some(reported));
    reported
}

/// Whether an object with this value takes part in collections.
fn is_tracked<T: Trace>(value: T) -> bool {
    Gc::is_tracked(&Gc::new(value))
}

fn is_leaf<T: ?Sized + Trace + GcFree>() {}

/// Tells which of the two traits a type has: where its bound holds, the inherent constant goes first.
struct Probe<T: ?Sized>(PhantomData<T>);

#[allow(dead_code, reason = "for the types for which the bound holds")]
impl<T: ?Sized + Trace> Probe<T> {
    const IS_TRACE: bool = true;
}

trait Otherwise {
    const IS_TRACE: bool = false;
}

impl<T: ?Sized> Otherwise for Probe<T> {}

macro_rules! assert_refused {
    ($($type:ty),+ $(,)?) => {
        $(assert!(!Probe::<$type>::IS_TRACE, "{}", stringify!($type));)+
    };
}

#[test]
fn arrayvec() {
    use arrayvec::{ArrayString, ArrayVec};
    assert_eq!(reported(ArrayVec::<G, 4>::from_iter([g(1), g(2)])), 2);
    assert_eq!(reported(ArrayVec::<G, 4>::new()), 0);
    assert!(!is_tracked(ArrayVec::<u8, 4>::new()));
    is_leaf::<ArrayVec<u8, 4>>();
    is_leaf::<ArrayString<8>>();
}

#[test]
fn bitvec() {
    is_leaf::<bitvec::vec::BitVec>();
    is_leaf::<bitvec::boxed::BitBox<u8, bitvec::order::Msb0>>();
    is_leaf::<bitvec::array::BitArray<[u32; 4]>>();
}

#[test]
fn bytes() {
    is_leaf::<bytes::Bytes>();
    is_leaf::<bytes::BytesMut>();
}

#[test]
fn chrono() {
    is_leaf::<chrono::NaiveDateTime>();
    is_leaf::<chrono::DateTime<chrono::Utc>>();
    is_leaf::<chrono::DateTime<chrono::FixedOffset>>();
    is_leaf::<chrono::TimeDelta>();
}

#[test]
fn compact_str() {
    is_leaf::<compact_str::CompactString>();
}

#[test]
fn dashmap() {
    use dashmap::{DashMap, DashSet};
    let map = DashMap::new();
    for n in 0..100 {
        map.insert(n, g(n));
    }
    let map = Gc::new(map);
    assert_eq!(Gc::referents(&map).len(), 100);
    {
        let _read = map.get(&1).unwrap();
        assert_eq!(Gc::referents(&map).len(), 100, "what is read can be read");
    }
    {
        let _written = map.get_mut(&1).unwrap();
        let left = Gc::referents(&map).len();
        assert!(left < 100, "the shard that is written to is opaque: {left}");
    }
    assert_eq!(Gc::referents(&map).len(), 100);
    assert_eq!(reported(DashMap::<G, G>::from_iter([(g(1), g(2))])), 2);
    assert_eq!(reported(DashSet::<G>::from_iter([g(1), g(2)])), 2);
    assert_eq!(reported(DashMap::<u8, G>::new()), 0);
    assert!(!is_tracked(DashMap::<u8, String>::new()));
    is_leaf::<DashMap<u8, u8>>();
}

#[test]
fn ecow() {
    is_leaf::<ecow::EcoString>();
    is_leaf::<ecow::EcoVec<u8>>();
    assert_refused!(ecow::EcoVec<G>);
}

#[test]
fn either() {
    use either::Either;
    assert_eq!(reported(Either::<G, u8>::Left(g(1))), 1);
    assert_eq!(reported(Either::<G, u8>::Right(1)), 0);
    assert_eq!(reported(Either::<u8, G>::Right(g(1))), 1);
    is_leaf::<Either<u8, String>>();
}

#[test]
fn fixedbitset() {
    is_leaf::<fixedbitset::FixedBitSet>();
}

#[test]
fn hashbrown() {
    use hashbrown::{HashMap, HashSet, HashTable};
    assert_eq!(reported(HashMap::<G, G>::from_iter([(g(1), g(2)), (g(3), g(4))])), 4);
    assert_eq!(reported(HashMap::<&str, G>::from_iter([("key", g(2))])), 1);
    assert_eq!(reported(HashSet::<G>::from_iter([g(1), g(2)])), 2);
    let mut table = HashTable::new();
    table.insert_unique(1, g(1), |_| 1);
    assert_eq!(reported(table), 1);
    assert_eq!(reported(HashMap::<G, G>::new()), 0);
    assert!(!is_tracked(HashMap::<u8, String>::new()));
    is_leaf::<HashMap<u8, u8>>();
}

#[test]
fn indexmap() {
    use indexmap::{IndexMap, IndexSet};
    assert_eq!(reported(IndexMap::<G, G>::from_iter([(g(1), g(2)), (g(3), g(4))])), 4);
    assert_eq!(reported(IndexSet::<G>::from_iter([g(1), g(2)])), 2);
    assert_eq!(reported(IndexMap::<u8, G>::new()), 0);
    is_leaf::<IndexMap<u8, u8>>();
}

#[test]
fn jiff() {
    is_leaf::<jiff::Timestamp>();
    is_leaf::<jiff::Zoned>();
    is_leaf::<jiff::Span>();
    is_leaf::<jiff::civil::DateTime>();
}

#[test]
fn markup5ever() {
    is_leaf::<markup5ever::QualName>();
    is_leaf::<markup5ever::LocalName>();
    is_leaf::<std::cell::RefCell<Vec<markup5ever::Attribute>>>();
}

#[test]
fn num() {
    is_leaf::<num_bigint::BigInt>();
    is_leaf::<num_bigint::BigUint>();
    is_leaf::<num_complex::Complex<f64>>();
    is_leaf::<rust_decimal::Decimal>();
    is_leaf::<ordered_float::OrderedFloat<f64>>();
    is_leaf::<ordered_float::NotNan<f32>>();
    assert_refused!(num_complex::Complex<G>, ordered_float::OrderedFloat<G>);
}

#[test]
fn once_cell() {
    use once_cell::{sync, unsync};
    assert_eq!(reported(unsync::OnceCell::with_value(g(1))), 1);
    assert_eq!(reported(sync::OnceCell::with_value(g(1))), 1);
    assert_eq!(reported(unsync::OnceCell::<G>::new()), 0);

    let lazy = Gc::new(unsync::Lazy::<G>::new(|| g(1)));
    assert_eq!(Gc::referents(&lazy).len(), 0, "tracing does not force it");
    unsync::Lazy::force(&lazy);
    assert_eq!(Gc::referents(&lazy).len(), 1);
    let lazy = Gc::new(sync::Lazy::<G>::new(|| g(1)));
    assert_eq!(Gc::referents(&lazy).len(), 0, "tracing does not force it");
    sync::Lazy::force(&lazy);
    assert_eq!(Gc::referents(&lazy).len(), 1);

    let cell = Gc::new(unsync::OnceCell::new());
    cell.get_or_init(|| {
        assert_eq!(Gc::referents(&cell).len(), 0, "there is nothing yet");
        g(1)
    });
}

#[test]
fn parking_lot() {
    use parking_lot::{FairMutex, Mutex, ReentrantMutex, RwLock};
    let mutex = Gc::new(Mutex::new(g(1)));
    assert_eq!(Gc::referents(&mutex).len(), 1);
    let held = mutex.lock();
    assert_eq!(Gc::referents(&mutex).len(), 0);
    drop(held);
    assert_eq!(Gc::referents(&mutex).len(), 1);

    let lock = Gc::new(RwLock::new(g(1)));
    let reading = lock.read();
    assert_eq!(Gc::referents(&lock).len(), 1);
    drop(reading);
    let writing = lock.write();
    assert_eq!(Gc::referents(&lock).len(), 0);
    drop(writing);

    let own = Gc::new(ReentrantMutex::new(g(1)));
    let held = own.lock();
    assert_eq!(Gc::referents(&own).len(), 1, "its holder lends no `&mut`");
    drop(held);
    assert_eq!(reported(FairMutex::new(g(1))), 1);
    assert!(!is_tracked(Mutex::new(1)));
    is_leaf::<RwLock<u8>>();
}

#[test]
fn petgraph() {
    use petgraph::Undirected;
    use petgraph::graph::{Graph, NodeIndex};
    use petgraph::stable_graph::StableGraph;
    let mut graph = Graph::<G, G>::new();
    let (a, b) = (graph.add_node(g(1)), graph.add_node(g(2)));
    graph.add_edge(a, b, g(3));
    assert_eq!(reported(graph), 3);
    let mut graph = StableGraph::<G, G, Undirected>::default();
    let (a, b, c) = (graph.add_node(g(1)), graph.add_node(g(2)), graph.add_node(g(3)));
    graph.add_edge(a, b, g(4));
    graph.add_edge(b, c, g(5));
    graph.remove_node(c);
    assert_eq!(reported(graph), 3, "what was removed is not there");
    assert_eq!(reported(Graph::<u8, G>::new()), 0);
    assert!(!is_tracked(Graph::<u8, u8>::new()));
    is_leaf::<Graph<u8, u8>>();
    is_leaf::<NodeIndex>();
}

#[test]
fn regex() {
    is_leaf::<regex::Regex>();
    is_leaf::<regex::bytes::Regex>();
}

#[test]
fn rpds() {
    is_leaf::<rpds::Vector<u8>>();
    is_leaf::<rpds::HashTrieMap<String, u8>>();
    is_leaf::<rpds::RedBlackTreeSetSync<u8>>();
    assert_refused!(rpds::Vector<G>, rpds::HashTrieMap<String, G>, rpds::ListSync<G>);
}

#[test]
fn semver() {
    is_leaf::<semver::Version>();
    is_leaf::<semver::VersionReq>();
}

#[test]
fn serde_json() {
    is_leaf::<serde_json::Value>();
    is_leaf::<serde_json::Map<String, serde_json::Value>>();
}

#[test]
fn slotmap() {
    use slotmap::{DefaultKey, DenseSlotMap, SecondaryMap, SlotMap};
    let mut map = SlotMap::new();
    let (one, two) = (map.insert(g(1)), map.insert(g(2)));
    map.remove(two);
    let mut other = SecondaryMap::new();
    other.insert(one, g(3));
    let mut dense = DenseSlotMap::new();
    dense.insert(g(4));
    assert_eq!(reported((map, other, dense)), 3);
    assert_eq!(reported(SlotMap::<DefaultKey, G>::new()), 0);
    is_leaf::<SlotMap<DefaultKey, u8>>();
    is_leaf::<DefaultKey>();
}

#[test]
fn smallvec() {
    use smallvec::SmallVec;
    assert_eq!(reported(SmallVec::<[G; 2]>::from_iter([g(1)])), 1);
    assert_eq!(reported(SmallVec::<[G; 2]>::from_iter([g(1), g(2), g(3)])), 3);
    assert_eq!(reported(SmallVec::<[G; 2]>::new()), 0);
    assert!(!is_tracked(SmallVec::<[u8; 2]>::new()));
    is_leaf::<SmallVec<[u8; 2]>>();
}

#[test]
fn smol_str() {
    is_leaf::<smol_str::SmolStr>();
}

#[test]
fn tendril() {
    is_leaf::<tendril::StrTendril>();
    is_leaf::<tendril::ByteTendril>();
}

#[test]
fn thin_vec() {
    use thin_vec::ThinVec;
    assert_eq!(reported(ThinVec::from_iter([g(1), g(2)])), 2);
    assert_eq!(reported(ThinVec::<G>::new()), 0);
    is_leaf::<ThinVec<u8>>();
}

#[test]
fn time() {
    is_leaf::<time::OffsetDateTime>();
    is_leaf::<time::Duration>();
}

#[test]
fn tinyvec() {
    use tinyvec::{ArrayVec, TinyVec};
    type Maybe = Option<G>;
    assert_eq!(reported(ArrayVec::<[Maybe; 4]>::from_iter([Some(g(1)), None])), 1);
    assert_eq!(reported(TinyVec::<[Maybe; 1]>::from_iter([Some(g(1)), Some(g(2))])), 2);
    assert_eq!(reported(TinyVec::<[Maybe; 1]>::new()), 0);
    is_leaf::<TinyVec<[u8; 4]>>();

    /// Shows handles that others show as well: the trait is safe to implement.
    struct Shared(&'static [Maybe]);
    impl tinyvec::Array for Shared {
        type Item = Maybe;
        const CAPACITY: usize = 1;
        fn as_slice(&self) -> &[Maybe] {
            self.0
        }
        fn as_slice_mut(&mut self) -> &mut [Maybe] {
            &mut []
        }
        fn default() -> Self {
            Shared(&[])
        }
    }
    assert_refused!(ArrayVec<Shared>, TinyVec<Shared>);
}

#[test]
fn url() {
    is_leaf::<url::Url>();
    is_leaf::<url::Host<String>>();
}

#[test]
fn uuid() {
    is_leaf::<uuid::Uuid>();
}

#[test]
fn cycles_through_containers_of_other_crates_are_collected() {
    #[derive(Trace, Default)]
    struct Node {
        by_name: std::cell::RefCell<hashbrown::HashMap<String, Gc<Node>>>,
        few: parking_lot::Mutex<smallvec::SmallVec<[Gc<Node>; 2]>>,
        at: uuid::Uuid,
    }
    let heap = gc_core::Heap::new();
    let (a, b) = (Gc::new_in(&heap, Node::default()), Gc::new_in(&heap, Node::default()));
    a.by_name.borrow_mut().insert("b".into(), b.clone());
    b.few.lock().push(a.clone());
    assert_eq!(heap.collect().collected, 0);
    assert!(a.at.is_nil());
    drop((a, b));
    assert_eq!(heap.collect().collected, 2);
}

#[test]
fn the_page_has_a_row_for_each_feature() {
    let features = include_str!("../../gc-core/Cargo.toml").lines().filter_map(|line| {
        let (name, package) = line.split_once(" = { package = ")?;
        package.contains("optional").then(|| format!("| `{name}` |"))
    });
    let features: Vec<String> = features.collect();
    assert!(features.len() > 30);
    let rows = include_str!("../../gc-core/src/other_crates.md").lines();
    let rows: Vec<&str> = rows.filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), features.len());
    for (row, feature) in rows.iter().zip(&features) {
        assert!(row.starts_with(feature.as_str()), "{feature} is not where it belongs");
    }
}
