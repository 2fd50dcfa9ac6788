//! How a handle comes to be: `new` and its kin, values that are written later.

use std::mem::MaybeUninit;
use std::pin::Pin;
use std::rc::Rc;

use super::{Counts, Noisy, panic_of};

same_on_both! {

    new {
        let five = Ptr::new(5);
        (*five, Ptr::strong_count(&five), Ptr::weak_count(&five))
    }

    new_cyclic {
        let (mut seen, mut kept) = (None, Weak::new());
        let ptr = Ptr::<usize>::new_cyclic(|weak| {
            seen = Some((weak.upgrade().is_none(), weak.strong_count(), weak.weak_count()));
            kept = weak.clone();
            7
        });
        (seen, *ptr, Ptr::strong_count(&ptr), Ptr::weak_count(&ptr), kept.upgrade())
    }

    new_cyclic_whose_closure_panics {
        let mut kept = Weak::new();
        let text = panic_of(|| Ptr::<u8>::new_cyclic(|weak| {
            kept = weak.clone();
            panic!("no gadget")
        }));
        (text, kept.upgrade(), kept.strong_count(), kept.weak_count())
    }

    new_uninit {
        let counts = Rc::<Counts>::default();
        drop(Ptr::<Noisy>::new_uninit());
        let mut ptr = Ptr::<Noisy>::new_uninit();
        Ptr::get_mut(&mut ptr).unwrap().write(Noisy::new("late", &counts));
        // SAFETY: just written.
        let ptr = unsafe { ptr.assume_init() };
        let (name, before) = (ptr.name, counts.drops.get());
        drop(ptr);
        (name, before, counts.drops.get())
    }

    new_uninit_then_get_mut_and_try_unwrap {
        let mut ptr = Ptr::<String>::new_uninit();
        Ptr::get_mut(&mut ptr).unwrap().write("late".into());
        // SAFETY: just written.
        let mut ptr = unsafe { ptr.assume_init() };
        Ptr::get_mut(&mut ptr).unwrap().push('r');
        Ptr::try_unwrap(ptr)
    }

    new_zeroed {
        let zero = Ptr::<[u64; 300]>::new_zeroed();
        // SAFETY: zero bytes are numbers.
        *unsafe { zero.assume_init() }
    }

    new_uninit_slice {
        let counts = Rc::<Counts>::default();
        drop(Ptr::<[Noisy]>::new_uninit_slice(4));
        let mut ptr = Ptr::<[Noisy]>::new_uninit_slice(3);
        for place in Ptr::get_mut(&mut ptr).unwrap().iter_mut() {
            place.write(Noisy::new("late", &counts));
        }
        // SAFETY: each was just written.
        let ptr = unsafe { ptr.assume_init() };
        let (len, before) = (ptr.len(), counts.drops.get());
        drop(ptr);
        (len, before, counts.drops.get())
    }

    new_zeroed_slice {
        let zeros = Ptr::<[u16]>::new_zeroed_slice(1000);
        // SAFETY: zero bytes are numbers.
        let zeros = unsafe { zeros.assume_init() };
        let none = Ptr::<[String]>::new_zeroed_slice(0);
        // SAFETY: there is no element.
        let none = unsafe { none.assume_init() };
        (zeros, none)
    }

    slices_larger_than_memory_panic {
        (
            panic_of(|| Ptr::<[u64]>::new_uninit_slice(usize::MAX)).is_some(),
            panic_of(|| Ptr::<[u64]>::new_zeroed_slice(usize::MAX / 8)).is_some(),
            panic_of(|| Ptr::<[u8]>::new_uninit_slice(isize::MAX as usize)).is_some(),
            panic_of(|| Ptr::<[()]>::new_uninit_slice(usize::MAX).len()).is_some(),
            panic_of(|| std::iter::repeat(1u8).collect::<Ptr<[u8]>>()),
        )
    }

    assume_init_of_what_new_made {
        let counts = Rc::<Counts>::default();
        let ptr = Ptr::new(MaybeUninit::new(Noisy::new("early", &counts)));
        // SAFETY: it was made with a value.
        let ptr = unsafe { ptr.assume_init() };
        let before = counts.drops.get();
        let elements = ["first", "second"].map(|name| MaybeUninit::new(Noisy::new(name, &counts)));
        let slice: Ptr<[MaybeUninit<Noisy>]> = elements.into();
        // SAFETY: they were made with values.
        let slice = unsafe { slice.assume_init() };
        let names = (ptr.name, slice[0].name, slice[1].name);
        drop((ptr, slice));
        (names, before, counts.drops.get())
    }

    pin {
        let pinned: Pin<Ptr<u8>> = Ptr::pin(5);
        let more = pinned.clone();
        let defaults = (Pin::<Ptr<String>>::default(), Pin::<Ptr<[u8]>>::default());
        (*pinned + *more, pinned == more, defaults, Pin::<Ptr<str>>::default())
    }

    from_value { Ptr::<u8>::from(5) }
}
