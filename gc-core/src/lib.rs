#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    feature = "nightly",
    feature(
        arbitrary_self_types,
        coerce_unsized,
        dispatch_from_dyn,
        pin_coerce_unsized_trait,
        unsize
    )
)]

// The contracts that user code fulfils.
#[allow(unsafe_code)] // the trait is unsafe to implement
mod trace;
mod finalize;
#[macro_use]
mod gc_free;
#[allow(unsafe_code)] // implements `Trace`
mod leaf;
#[macro_use]
#[allow(unsafe_code)] // implements `Trace`
mod std_impls;
#[allow(unsafe_code)] // implements `Trace`
mod foreign;

// What users hold.
#[allow(unsafe_code)] // reads and writes the value behind the pointer
mod gc;
#[allow(unsafe_code)] // `&mut` to the value
mod gc_mut;
#[allow(unsafe_code)] // moves a value to another object
mod gc_make_mut;
#[allow(unsafe_code)] // moves elements into their object
mod gc_unsized;
#[allow(unsafe_code)] // a string becomes its bytes
mod gc_strings;
#[allow(unsafe_code)] // a value's type changes when it is written
mod gc_uninit;
#[allow(unsafe_code)] // one pointer for another
mod coerce;
#[cfg(feature = "nightly")]
#[allow(unsafe_code)] // promises that a deref is a deref
mod unsize;
mod gc_traits;
mod gc_os;
mod reentry;
#[allow(unsafe_code)] // the slot's content, while no user code runs
mod slot;
#[allow(unsafe_code)] // handles without a type, and back
mod any;
mod walk;
#[cfg(feature = "serde-1")]
pub mod serde;
#[allow(unsafe_code)] // takes the places of clones, and fills them
mod deep_clone;
#[allow(unsafe_code)] // lends a closure its captures
#[doc(hidden)]
pub mod gc_fn;
#[allow(unsafe_code)] // points to what may be gone
mod weak;
#[allow(unsafe_code)] // takes a watch apart
mod watch;
mod weak_map;

// What users say to a heap, and what it answers.
mod settings;
mod report;
mod event;
mod debug;
mod pause_log;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod telemetry;
mod inspect;
mod error;
#[allow(unsafe_code)] // takes over counted handles
mod heap;

// One object's life: born, collected, judged, ended; then the heap's end.
#[allow(unsafe_code)] // elements that may not be there yet
mod room;
#[allow(unsafe_code)] // notes a slice's length
mod birth;
mod current;
mod sites;
mod collect;
mod judge;
#[allow(unsafe_code)] // ends values
mod reclaim;
#[allow(unsafe_code)] // the thread's own; numbers back to objects
mod deaths;
#[allow(unsafe_code)] // drops values
mod sweep;
mod freeze;
mod shutdown;
mod verify;
#[cfg(feature = "stress")]
mod stress;

// The entries of weak containers, and their part in a judgement.
#[allow(unsafe_code)] // owns what its entries lead to
mod registry;
#[allow(unsafe_code)] // points at entries, and reads what they carry
mod entry;
mod table;
mod ephemeron;
#[allow(unsafe_code)] // hangs on a side table
mod tracked_leaf;

// What all of it stands on.
#[allow(unsafe_code)] // outlives the `Heap` value
mod state;
#[allow(unsafe_code)] // lays out pages
mod store;
mod losses;
#[allow(unsafe_code)] // slots: hands them out, takes them back
mod page;
#[allow(unsafe_code)] // memory from the allocator
mod chunk;
#[allow(unsafe_code)] // hangs on an object
mod side;
#[allow(unsafe_code)] // header
mod object;
#[allow(unsafe_code)] // erased type
mod info;
#[allow(unsafe_code)] // boxes that report
mod fallible;

#[cfg(feature = "derive")]
pub use gc_derive::{DeepClone, Trace};

// Pages of the documentation; their examples are tested.
#[cfg(all(feature = "derive", any(doc, doctest)))]
#[doc = include_str!("when_the_derive_says_no.md")]
pub mod when_the_derive_says_no {}
#[cfg(any(doc, doctest))]
#[doc = include_str!("what_fits_in_a_field.md")]
pub mod what_fits_in_a_field {}
#[cfg(any(doc, doctest))]
#[doc = include_str!("other_crates.md")]
pub mod other_crates {}

pub use any::{AnyGc, AnyWeak, ObjectId};
#[doc(hidden)]
pub use coerce::Coerce;
pub use debug::{DebugFlags, DebugRecord};
pub use deep_clone::{Clones, DeepClone, Handles};
pub use error::{GcError, Hook};
pub use event::{CollectionEvent, Phase, Subscription};
#[doc(hidden)]
pub use finalize::Finalizer;
pub use finalize::{Finalize, FinalizeCx};
pub use gc::{AllocError, Gc};
#[doc(inline)]
pub use gc_fn::GcFn;
pub use gc_free::GcFree;
pub use gc_make_mut::CloneToObject;
pub use gc_mut::GcMut;
pub use heap::{Heap, Pause, collect_current as collect};
#[cfg(feature = "alloc-sites")]
pub use inspect::SiteRow;
#[doc(hidden)]
pub use inspect::assert_collected_as;
pub use inspect::{
    Diff, DiffRow, Dot, Edge, Histogram, HistogramRow, Inspector, Label, Leak, LeakReport, Object,
    Path, Segment, Snapshot, Target, WeakCandidate, assert_no_growth,
};
pub use leaf::Leaf;
pub use pause_log::{PauseEntry, PauseLog};
pub use report::{
    Collection, GenerationStats, GivenUp, HeapStats, Reason, ShutdownReport, Skipped,
};
pub use settings::{Budget, Counts, Generation, Thresholds};
pub use slot::Slot;
pub use trace::{Depth, Trace, TracedTypesUseFinalizeInsteadOfDrop, Tracer};
pub use walk::Walk;
pub use watch::{Cleanup, Watch};
pub use weak::Weak;
pub use weak_map::{
    interner::{self, Interner},
    lent::Lent,
    weak_key_map::{self, WeakKeyMap},
    weak_set::{self, WeakSet},
    weak_value_map::{self, WeakValueMap},
};
