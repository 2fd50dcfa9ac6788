//! The language of the programs: [`Op`], plain data, and its form as bytes.
//!
//! A number in an operation is taken modulo what there is to choose from, so that every operation
//! means something anywhere, and any bytes are a program.

/// Something that one byte says.
pub(crate) trait Part: Sized {
    fn of_byte(byte: u8) -> Self;
    fn to_byte(&self) -> u8;
}

impl Part for u8 {
    fn of_byte(byte: u8) -> Self {
        byte
    }

    fn to_byte(&self) -> u8 {
        *self
    }
}

/// An enum of words. `Debug` gives the path, so that a printed program can be pasted.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $word:ident,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$doc])* $word,)+ }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$word),+];
        }

        impl Part for $name {
            fn of_byte(byte: u8) -> Self {
                Self::ALL[byte as usize % Self::ALL.len()]
            }

            fn to_byte(&self) -> u8 {
                *self as u8
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $(Self::$word => f.write_str(concat!(stringify!($name), "::", stringify!($word)))),+ }
            }
        }
    };
}

words! {
    /// What is put into an object.
    Shape {
        /// One value with edges.
        Node,
        /// The same, pinned: `get_mut`, `make_mut` and `try_unwrap` refuse it.
        Pinned,
        /// A slice of values, the edges in its last element. Slices have no finalizer.
        Slice,
        /// A value that holds no handle. It has a finalizer.
        Leaf,
        /// A string: nothing tells of its death but counts.
        Text,
    }
}

words! {
    /// A generation.
    Age { Young, Middle, Old, }
}

words! {
    /// What a hook does. Its number says to which of what there is.
    Deed {
        Nothing,
        /// A finalizer brings its object back.
        ResurrectItself,
        /// A finalizer keeps what its object holds first.
        ResurrectNeighbour,
        /// A finalizer keeps its object and all that it holds, each by a handle of its own.
        ResurrectAll,
        /// A finalizer empties its object.
        Suicide,
        /// A new object: in a ring with the one at its end, or on the stack.
        Allocate,
        DropRoot,
        /// An object that a root leads to lets go of its first edge.
        UnlinkRoot,
        /// A finalizer swaps its object's first edge for a root.
        Swap,
        Collect,
        /// A collection while the object's edges are mutably borrowed.
        CollectBorrowed,
        Freeze,
        Unfreeze,
        MakeWeak,
        Upgrade,
        Watch,
        Cleanup,
        /// A watch is dropped.
        CancelWatch,
        /// A cleanup is detached.
        CancelCleanup,
        Panic,
    }
}

/// The operations, each with its parts, a byte each.
macro_rules! operations {
    ($($(#[$doc:meta])* $op:ident { $($part:ident: $kind:ty),* },)+) => {
        /// One step of a program.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Op { $($(#[$doc])* $op { $($part: $kind),* },)+ }

        /// One for each operation, in their order, to count them.
        #[allow(dead_code, reason = "counted")]
        enum Number { $($op),+ }

        impl Op {
            pub(crate) const COUNT: u8 = [$(Number::$op),+].len() as u8;

            /// The operation at the front of `bytes`, which moves on. Bytes that are missing are
            /// zeros; `None`: there are none at all.
            pub(crate) fn read(bytes: &mut &[u8]) -> Option<Self> {
                let mut next = || {
                    let (&first, rest) = bytes.split_first()?;
                    *bytes = rest;
                    Some(first)
                };
                let number = next()? % Self::COUNT;
                $(if number == Number::$op as u8 {
                    return Some(Self::$op {
                        $($part: <$kind>::of_byte(next().unwrap_or(0))),*
                    });
                })+
                None
            }

            /// The operation as bytes, for [`Op::read`].
            pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
                match self {
                    $(Self::$op { $($part),* } => {
                        bytes.push(Number::$op as u8);
                        $(bytes.push($part.to_byte());)*
                    })+
                }
            }
        }
    };
}

operations! {
    /// A new object and a handle to it. When it is finalized it does `last`; when its value is
    /// dropped, `dropped`.
    Make { shape: Shape, last: Deed, dropped: Deed, number: u8, heap: u8 },
    /// A new object that is born with a handle inside.
    MakeHolding { moved: u8, heap: u8 },
    /// A new object with a weak handle to itself, which does something before it is there.
    MakeCyclic { inside: Deed, number: u8, heap: u8 },
    /// One handle more.
    Clone { root: u8 },
    /// One handle less.
    Drop { root: u8 },
    /// A clone of a handle goes into an object that another leads to.
    Link { root: u8, at: u8, target: u8 },
    /// A handle goes into an object that another leads to.
    MoveInto { root: u8, at: u8, moved: u8 },
    /// A handle comes out of an object.
    MoveOut { root: u8, at: u8, edge: u8 },
    /// A handle goes from one object to another.
    MoveBetween { root: u8, at: u8, edge: u8, to: u8 },
    /// An object lets go of another.
    Unlink { root: u8, at: u8, edge: u8 },
    /// An edge and a handle change places.
    Swap { root: u8, at: u8, edge: u8, other: u8 },
    /// Two objects swap all that they hold.
    SwapCells { root: u8, at: u8, to: u8 },
    /// A handle, perhaps the last, goes into what its own object leads to, through `Weak::with`.
    Loan { root: u8, at: u8 },
    /// A collection. One of Old frees all garbage.
    Collect { age: Age, heap: u8 },
    /// A collection that looks at so many objects.
    CollectWithin { objects: u8, heap: u8 },
    /// A collection whose visits panic, from this one on.
    CollectInVain { age: Age, visits: u8, heap: u8 },
    /// A collection while the edges of an object are mutably borrowed.
    CollectBorrowed { root: u8, at: u8, age: Age, heap: u8 },
    Freeze { heap: u8 },
    Unfreeze { heap: u8 },
    MakeWeak { root: u8 },
    Upgrade { weak: u8 },
    DropWeak { weak: u8 },
    Watch { root: u8, deed: Deed, number: u8 },
    DropWatch { watch: u8 },
    /// The call stays when its watch goes.
    ForgetWatch { watch: u8 },
    Cleanup { root: u8, deed: Deed, number: u8 },
    CallCleanup { cleanup: u8 },
    DetachCleanup { cleanup: u8 },
    /// The cleanup is not to run at the heap's end.
    NotAtExit { cleanup: u8 },
    /// The cleanup stays when its handle goes.
    DropCleanup { cleanup: u8 },
    /// An entry of the weak-value map.
    MapInsert { key: u8, root: u8 },
    MapGet { key: u8 },
    /// An edge more or less through `get_mut`, and a collection while the guard is there.
    GetMut { root: u8, target: u8, age: Age },
    /// An edge less through `make_mut`, which clones what others have too.
    MakeMut { root: u8 },
    /// The value comes out of its object, and what it held to the stack.
    TryUnwrap { root: u8 },
    /// A handle becomes one to a trait object, one without a type, one of its type again.
    Recast { root: u8 },
    /// A handle becomes a pointer, and a handle again.
    Raw { root: u8 },
    /// A handle to every object, for a moment.
    Enumerate { heap: u8 },
    /// A handle to all that hold an object, for a moment.
    Referrers { root: u8 },
    SetAuto { on: u8, heap: u8 },
    SetThreshold { young: u8, heap: u8 },
    Pause { heap: u8 },
    Resume { pause: u8 },
    /// What the heap's subscriber does at the start and at the end of each collection.
    Listen { deed: Deed, number: u8, heap: u8 },
    SaveAll { on: u8, heap: u8 },
    TakeGarbage { heap: u8 },
    /// The heap's end. Its objects may live on; a new heap takes its place.
    EndHeap { heap: u8 },
    MapRemove { key: u8 },
}

/// The operations that these bytes are, so many at most.
pub(crate) fn decode(mut bytes: &[u8], most: usize) -> Vec<Op> {
    let mut ops = Vec::new();
    while ops.len() < most
        && let Some(op) = Op::read(&mut bytes)
    {
        ops.push(op);
    }
    ops
}
