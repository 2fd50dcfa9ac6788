//! Traits that forward to the value.

use std::borrow::Borrow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::fmt::{Debug, Display};
use std::hash::{BuildHasher, Hash, Hasher};
use std::panic::{RefUnwindSafe, UnwindSafe};

use gc_core::Trace;

/// Notes which of its comparisons was called.
#[derive(Trace, Default)]
#[trace(leaf)]
struct Particular {
    called: Cell<&'static str>,
}

impl PartialEq for Particular {
    fn eq(&self, _: &Self) -> bool {
        self.called.set("eq");
        true
    }
    #[expect(clippy::partialeq_ne_impl, reason = "to see that it is called")]
    fn ne(&self, _: &Self) -> bool {
        self.called.set("ne");
        true
    }
}

impl PartialOrd for Particular {
    fn partial_cmp(&self, _: &Self) -> Option<Ordering> {
        self.called.set("partial_cmp");
        None
    }
    fn lt(&self, _: &Self) -> bool {
        self.called.set("lt");
        true
    }
    fn le(&self, _: &Self) -> bool {
        self.called.set("le");
        true
    }
    fn gt(&self, _: &Self) -> bool {
        self.called.set("gt");
        true
    }
    fn ge(&self, _: &Self) -> bool {
        self.called.set("ge");
        true
    }
}

fn hash_of(value: &(impl Hash + ?Sized)) -> u64 {
    std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default().hash_one(value)
}

same_on_both! {

    deref_as_ref_borrow {
        let a: Ptr<str> = "text".into();
        let borrowed: &str = a.borrow();
        let by_ref: &str = a.as_ref();
        let map: HashMap<Ptr<str>, u8> = [(a.clone(), 5)].into();
        let set: BTreeSet<Ptr<str>> = [a.clone()].into();
        let found = (map.get("text").copied(), set.contains("text"));
        (a.len(), borrowed.to_owned(), by_ref.to_owned(), found)
    }

    formats {
        let a = Ptr::new(Some("text"));
        let n = Ptr::new(-5.5);
        (
            format!("{a:?} {a:#?}"), format!("{n} {n:8.2} {n:?}"),
            format!("{a:p}") == format!("{:p}", Ptr::as_ptr(&a)),
        )
    }

    equality {
        let (a, b, c) = (Ptr::new(5), Ptr::new(5), Ptr::new(6));
        let nan = Ptr::new(f64::NAN);
        let (x, y) = (Ptr::new(Particular::default()), Ptr::new(Particular::default()));
        let eq = (x == y, x.called.get());
        let ne = (x != y, x.called.get());
        (a == b, a == c, a != b, a != c, nan == nan.clone(), nan != nan.clone(), eq, ne)
    }

    order {
        let (a, b, c) = (Ptr::new(5), Ptr::new(6), Ptr::new(7));
        let (nan, one) = (Ptr::new(f64::NAN), Ptr::new(1.0));
        let (x, y) = (Ptr::new(Particular::default()), Ptr::new(Particular::default()));
        let calls = [
            (x < y, x.called.get()), (x <= y, x.called.get()), (x > y, x.called.get()),
            (x >= y, x.called.get()), (x.partial_cmp(&y).is_some(), x.called.get()),
        ];
        (
            (a.cmp(&b), a.partial_cmp(&b), nan.partial_cmp(&one), nan < one, nan >= one),
            a.clone().max(b.clone()), a.clone().min(b.clone()), c.clamp(a, b), calls,
        )
    }

    hash {
        let a = Ptr::new(("text", 5));
        let slice: Ptr<[u8]> = [1, 2].into();
        let mut hasher = std::hash::DefaultHasher::new();
        Hash::hash_slice(&[slice.clone(), slice.clone()], &mut hasher);
        let same = hash_of(&a) == hash_of(&("text", 5));
        (same, hash_of(&slice) == hash_of(&[1u8, 2][..]), hasher.finish())
    }

    auto_traits {
        fn unwind<T: UnwindSafe + RefUnwindSafe + Unpin>() {}
        fn unpin<T: Unpin>() {}
        unwind::<Ptr<u8>>();
        unwind::<Ptr<str>>();
        unpin::<Ptr<std::marker::PhantomPinned>>();
        unpin::<Weak<std::marker::PhantomPinned>>();
        // Does not compile for what is `Send` or `Sync`: two impls would do then.
        trait Local<A> {
            fn is_local() {}
        }
        impl<T: ?Sized> Local<()> for T {}
        impl<T: ?Sized + Send> Local<u8> for T {}
        impl<T: ?Sized + Sync> Local<u16> for T {}
        <Ptr<u8> as Local<_>>::is_local();
        <Weak<u8> as Local<_>>::is_local();
        fn shown<T: Display + Debug + std::fmt::Pointer>() {}
        shown::<Ptr<str>>();
        (size_of::<Option<Ptr<u8>>>(), size_of::<Option<Weak<u8>>>())
    }
}

/// `AsFd` and `AsRawFd` forward to the value.
#[cfg(unix)]
#[test]
fn files_behind_a_handle() {
    use std::os::fd::{AsFd, AsRawFd};

    let file = gc_core::Gc::new(std::fs::File::open("/dev/null").expect("there is one"));
    assert_eq!(file.as_raw_fd(), (*file).as_raw_fd());
    assert_eq!(file.as_fd().as_raw_fd(), file.as_raw_fd());
}
