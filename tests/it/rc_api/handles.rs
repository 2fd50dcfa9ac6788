//! What handles do: they count, lead to the value and back, unsize, and are weak.

use std::any::Any;
use std::ffi::{CStr, OsStr};
use std::fmt::Debug;
use std::path::Path;
use std::rc::Rc;

use super::{Counts, Noisy};

same_on_both! {

    clone_and_drop_count {
        let a = Ptr::new(5);
        let b = a.clone();
        let mut c = Ptr::new(6);
        c.clone_from(&b);
        let three = Ptr::strong_count(&a);
        drop(b);
        let two = Ptr::strong_count(&a);
        drop(a);
        (three, two, Ptr::strong_count(&c), *c)
    }

    weak_count_and_strong_count {
        let a = Ptr::new(5);
        let (w1, w2) = (Ptr::downgrade(&a), Ptr::downgrade(&a));
        let w3 = w2.clone();
        let before = (Ptr::weak_count(&a), w1.strong_count(), w1.weak_count());
        drop(w3);
        let after = (Ptr::weak_count(&a), w1.strong_count(), w1.weak_count());
        drop(a);
        (before, after, w1.strong_count(), w1.weak_count(), w2.upgrade())
    }

    last_drop_drops_the_value {
        let counts = Rc::<Counts>::default();
        let a = Ptr::new(Noisy::new("a", &counts));
        let weak = Ptr::downgrade(&a);
        let b = a.clone();
        drop(a);
        let before = (counts.drops.get(), weak.upgrade().is_some());
        drop(b);
        (before, counts.drops.get(), weak.upgrade().is_some(), counts.clones.get())
    }

    ptr_eq {
        let (a, b) = (Ptr::new(5), Ptr::new(5));
        let (one, other) = (unsize!(a.clone() => dyn Debug), unsize!(a.clone() => dyn Debug));
        (Ptr::ptr_eq(&a, &a.clone()), Ptr::ptr_eq(&a, &b), Ptr::ptr_eq(&one, &other))
    }

    raw_pointers {
        let a = Ptr::new("text".to_owned());
        let raw = Ptr::into_raw(a.clone());
        let same = std::ptr::eq(raw, Ptr::as_ptr(&a)) && std::ptr::eq(raw, &*a);
        // SAFETY: from `into_raw`, and `a` keeps the object.
        unsafe { Ptr::increment_strong_count(raw) };
        let three = Ptr::strong_count(&a);
        // SAFETY: as above; the count was just added.
        unsafe { Ptr::decrement_strong_count(raw) };
        // SAFETY: from `into_raw`, taken back once.
        let back = unsafe { Ptr::from_raw(raw) };
        (same, three, Ptr::strong_count(&a), back)
    }

    raw_pointers_of_slices_and_strings {
        let a: Ptr<[u16]> = Ptr::from([1, 2, 3]);
        // SAFETY: taken back once.
        let a = unsafe { Ptr::from_raw(Ptr::into_raw(a)) };
        let b: Ptr<str> = "text".into();
        // SAFETY: taken back once.
        let b = unsafe { Ptr::from_raw(Ptr::into_raw(b)) };
        let c = unsize!(Ptr::new(5u8) => dyn Debug);
        // SAFETY: taken back once.
        let c = unsafe { Ptr::from_raw(Ptr::into_raw(c)) };
        (a, b, c)
    }

    try_unwrap {
        let a = Ptr::new("one".to_owned());
        let weak = Ptr::downgrade(&a);
        let b = a.clone();
        let refused = Ptr::try_unwrap(a).is_err_and(|a| *a == "one");
        let count = Ptr::strong_count(&b);
        (refused, count, Ptr::try_unwrap(b), weak.upgrade())
    }

    into_inner {
        let a = Ptr::new("one".to_owned());
        let b = a.clone();
        (Ptr::into_inner(a), Ptr::into_inner(b))
    }

    unwrap_or_clone {
        let counts = Rc::<Counts>::default();
        let a = Ptr::new(Noisy::new("a", &counts));
        let b = a.clone();
        let first = Ptr::unwrap_or_clone(a).name;
        let clones = counts.clones.get();
        let second = Ptr::unwrap_or_clone(b).name;
        (first, clones, second, counts.clones.get(), counts.drops.get())
    }

    get_mut {
        let mut a = Ptr::new(5);
        *Ptr::get_mut(&mut a).unwrap() += 1;
        let b = a.clone();
        let shared = Ptr::get_mut(&mut a).is_none();
        drop(b);
        let weak = Ptr::downgrade(&a);
        let weakly = Ptr::get_mut(&mut a).is_none();
        drop(weak);
        *Ptr::get_mut(&mut a).unwrap() += 1;
        (shared, weakly, a)
    }

    get_mut_of_slices_and_strings {
        let mut a: Ptr<[u8]> = Ptr::from([1, 2, 3]);
        Ptr::get_mut(&mut a).unwrap().reverse();
        let mut b: Ptr<str> = "ada".into();
        Ptr::get_mut(&mut b).unwrap().make_ascii_uppercase();
        (a, b)
    }

    make_mut {
        let counts = Rc::<Counts>::default();
        let mut a = Ptr::new(Noisy::new("a", &counts));
        Ptr::make_mut(&mut a).name = "b";
        let alone = counts.clones.get();
        let old = a.clone();
        Ptr::make_mut(&mut a).name = "c";
        let shared = counts.clones.get();
        let weak = Ptr::downgrade(&a);
        Ptr::make_mut(&mut a).name = "d";
        let weakly = (counts.clones.get(), counts.drops.get(), weak.upgrade().is_none());
        (a.name, old.name, alone, shared, weakly)
    }

    make_mut_of_a_slice {
        let counts = Rc::<Counts>::default();
        let mut a: Ptr<[Noisy]> = vec![Noisy::new("a", &counts), Noisy::new("b", &counts)].into();
        Ptr::make_mut(&mut a)[0].name = "c";
        let alone = counts.clones.get();
        let old = a.clone();
        Ptr::make_mut(&mut a)[1].name = "d";
        let shared = counts.clones.get();
        let weak = Ptr::downgrade(&a);
        Ptr::make_mut(&mut a)[1].name = "e";
        let names = (a[0].name, a[1].name, old[0].name, old[1].name);
        let weakly = (counts.clones.get(), counts.drops.get(), weak.upgrade().is_none());
        drop((a, old));
        (names, alone, shared, weakly, counts.drops.get())
    }

    make_mut_of_strings {
        let mut a: Ptr<str> = "ada".into();
        let old = a.clone();
        Ptr::make_mut(&mut a).make_ascii_uppercase();
        let weak = Ptr::downgrade(&a);
        Ptr::make_mut(&mut a).make_ascii_uppercase();
        let mut c: Ptr<CStr> = c"c".into();
        let old_c = c.clone();
        let len = Ptr::make_mut(&mut c).to_bytes().len();
        let mut os: Ptr<OsStr> = OsStr::new("os").into();
        let old_os = os.clone();
        Ptr::make_mut(&mut os).make_ascii_uppercase();
        let mut path: Ptr<Path> = Path::new("a/b").into();
        let old_path = path.clone();
        let parts = Ptr::make_mut(&mut path).components().count();
        let kept = (Ptr::ptr_eq(&c, &old_c), Ptr::ptr_eq(&path, &old_path));
        (a, old, weak.upgrade(), len, os, old_os, parts, kept)
    }

    downcast {
        let any = unsize!(Ptr::new("text".to_owned()) => dyn Any);
        let any = any.downcast::<u8>().unwrap_err();
        let text = any.downcast::<String>().unwrap();
        (Ptr::strong_count(&text), text)
    }

    coercions {
        let array = Ptr::new([1, 2, 3]);
        let slice = unsize!(array.clone() => [i32]);
        let shown = unsize!(array.clone() => dyn Debug);
        let both = unsize!(array.clone() => dyn Debug + Send);
        let less = unsize!(both => dyn Debug);
        let weak = Ptr::downgrade(&array);
        let weak = unsize!(weak => Weak<[i32]>);
        let nobody = unsize!(Weak::<u8>::new() => Weak<dyn Debug>);
        let pinned = unsize!(Ptr::pin(5) => Pin<dyn Debug>);
        let counts = (Ptr::strong_count(&slice), Ptr::weak_count(&slice));
        (slice.len(), shown, less, weak.upgrade(), nobody.upgrade().is_none(), pinned, counts)
    }

    coerced_handles_drop_the_value {
        let counts = Rc::<Counts>::default();
        let noisy = Ptr::new(Noisy::new("a", &counts));
        let weak = Ptr::downgrade(&noisy);
        let weak = unsize!(weak => Weak<dyn Debug>);
        let noisy = unsize!(noisy => dyn Debug);
        let before = (counts.drops.get(), weak.strong_count());
        drop(noisy);
        (before, counts.drops.get(), weak.upgrade().is_none(), weak.strong_count())
    }

    weak_new {
        const NOBODY: Weak<u8> = Weak::new();
        let other = Weak::<u8>::default();
        let shown = format!("{other:?}").starts_with("(Weak");
        (
            NOBODY.upgrade(), NOBODY.ptr_eq(&other), other.clone().upgrade(), other.strong_count(),
            other.weak_count(), shown,
        )
    }

    weak_debug {
        let a = Ptr::new(5);
        format!("{:?} {:?}", Ptr::downgrade(&a), a)
    }

    weak_upgrade_and_ptr_eq {
        let (a, b) = (Ptr::new(5), Ptr::new(5));
        let (w, x) = (Ptr::downgrade(&a), Ptr::downgrade(&b));
        let mut y = Weak::new();
        y.clone_from(&w);
        let before = (w.upgrade(), w.ptr_eq(&y), w.ptr_eq(&x), w.ptr_eq(&Weak::new()));
        drop(a);
        (before, w.upgrade(), w.ptr_eq(&y), x.upgrade())
    }

    weak_raw_pointers {
        let a = Ptr::new("text".to_owned());
        let weak = Ptr::downgrade(&a);
        let same = std::ptr::eq(weak.as_ptr(), &*a);
        let raw = weak.into_raw();
        let count = Ptr::weak_count(&a);
        // SAFETY: from `into_raw`, taken back once.
        let weak = unsafe { Weak::from_raw(raw) };
        let alive = weak.upgrade();
        // SAFETY: from `into_raw`, taken back once.
        let nobody = unsafe { Weak::<u8>::from_raw(Weak::new().into_raw()) };
        drop((a, alive.clone(), alive));
        // SAFETY: from `into_raw`, taken back once; that the value is gone does not matter.
        let dead = unsafe { Weak::from_raw(weak.into_raw()) };
        (same, count, nobody.upgrade(), dead.upgrade())
    }

    weak_handles_to_slices_and_strings {
        let (a, b): (Ptr<[u8]>, Ptr<str>) = ([1, 2].into(), "text".into());
        let (v, w) = (Ptr::downgrade(&a), Ptr::downgrade(&b));
        let before = (v.upgrade(), w.upgrade(), v.strong_count(), w.weak_count());
        drop((a, b));
        (before, v.upgrade(), w.upgrade())
    }
}
