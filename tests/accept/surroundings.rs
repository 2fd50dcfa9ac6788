//! Comments, other derives and attributes around the type, its variants and its fields.
#![forbid(unsafe_code)]

use super::support::{Gc, Hub, Slot, Trace, cycle_is_freed, edges};

#[test]
fn other_derives() {
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Trace, Default)]
    enum Kind {
        #[default]
        Rule,
        Text(String),
    }
    #[derive(Debug, Clone, Trace, Default)]
    struct Element {
        kind: Kind,
        held: Option<Gc<Hub>>,
    }
    let element = |hub| Element { held: Some(hub), ..Element::default() };
    assert!(cycle_is_freed(element));
}

#[test]
fn comments_and_attributes() {
    /// A comment.
    #[derive(Trace)]
    #[must_use = "as all elements"]
    #[non_exhaustive]
    #[repr(C, align(32))]
    #[doc(hidden)]
    #[doc = concat!("made ", "of parts")]
    struct Element<#[cfg(any())] Absent, T> {
        /// A comment.
        #[doc(alias = "handle")]
        held: Gc<Hub>,
        /** Another. */
        #[allow(clippy::zero_sized_map_values)]
        value: T,
        #[cfg(any())]
        absent: Absent,
        #[cfg_attr(all(), trace(skip))]
        raw: *const u8,
    }
    #[derive(Trace)]
    enum Kind {
        /// A comment.
        #[allow(clippy::upper_case_acronyms)]
        TEXT(/** And another. */ Gc<Hub>),
        #[cfg(any())]
        Absent(*const u8),
    }
    let element = |held| Element { held, value: 1, raw: std::ptr::null() };
    assert!(cycle_is_freed(element));
    assert!(cycle_is_freed(Kind::TEXT));
}

#[test]
fn deprecated_parts_are_not_told_again() {
    #[derive(Trace)]
    struct Element {
        #[deprecated]
        before: Slot<Hub>,
        #[allow(deprecated)]
        kind: Kind,
    }
    #[derive(Trace)]
    #[deprecated]
    struct Kind;
    #[derive(Trace)]
    enum Variant {
        #[deprecated]
        Old(Gc<Hub>),
        New {
            #[deprecated]
            old: Gc<Hub>,
        },
    }
    #[expect(deprecated, reason = "by the test, not by the derive")]
    {
        assert_eq!(edges(Element { before: Slot::new(Some(Gc::default())), kind: Kind }), 1);
        assert!(cycle_is_freed(Variant::Old));
        assert!(cycle_is_freed(|old| Variant::New { old }));
    }
}

#[test]
fn visibilities() {
    mod inner {
        use super::super::support::{Gc, Hub, Trace};
        #[derive(Trace)]
        pub(in crate::accept) struct Open(pub(crate) Gc<Hub>, pub(super) Private);
        #[derive(Trace, Default)]
        pub(super) struct Private(u8);
    }
    assert!(cycle_is_freed(|hub| inner::Open(hub, inner::Private::default())));
}
