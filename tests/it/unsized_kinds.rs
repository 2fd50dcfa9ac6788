//! Elements of all sizes, in any number; and what an object of them is to those who do not know its
//! type. The bugs hunted here are a wrong offset, a length read from the wrong place, and an object
//! that passes for what it is not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::{AnyGc, Gc, Heap, Trace, coerce};

use crate::support::{in_own_process, message, quiet_heap};

// ---- sizes, alignments, many at once -----------------------------------------------------------------

#[test]
fn elements_of_any_size_and_alignment() {
    #[derive(Trace, Clone, PartialEq, Debug)]
    #[repr(align(64))]
    struct Line(u8);
    #[derive(Trace, Clone, PartialEq, Debug)]
    #[repr(align(32768))]
    struct TwoPages(u8);

    fn check<T: Trace + Clone + PartialEq + std::fmt::Debug>(value: &T) {
        let heap = quiet_heap();
        for len in [0, 1, 2, 7, 8, 9, 100] {
            let slice = Gc::cloned_slice_in(&heap, &vec![value.clone(); len]);
            let place = Gc::as_ptr(&slice).cast::<T>();
            assert_eq!(place.addr() % align_of::<T>(), 0);
            assert_eq!(*slice, vec![value.clone(); len]);
            let weak = Gc::downgrade(&slice);
            let any = AnyGc::from(slice);
            assert_eq!(any.size(), len * size_of::<T>());
            assert_eq!(any.type_name(), std::any::type_name::<[T]>());
            drop(any);
            assert!(weak.is_dead());
        }
        assert_eq!(heap.live_count(), 0);
    }
    check(&());
    check(&5u8);
    check(&[1u16; 3]);
    check(&7u128);
    check(&"text".to_owned());
    check(&Some(Gc::new(5)));
    check(&Line(1));
    check(&TwoPages(1));
}

#[test]
fn many_slices_keep_their_elements() {
    let heap = quiet_heap();
    let mut slices: Vec<Gc<[u32]>> = Vec::new();
    let mut strings: Vec<Gc<str>> = Vec::new();
    let mut seed = 1u32;
    for _ in 0..3000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let len = seed >> 22;
        if seed & 0x100 != 0 {
            slices.push(Gc::collect_in(&heap, 0..len));
            strings.push(Gc::str_in(&heap, &"ö".repeat(len as usize)));
        } else if !slices.is_empty() {
            slices.swap_remove(seed as usize % slices.len());
            strings.swap_remove(seed as usize % strings.len());
        }
    }
    for (slice, string) in slices.iter().zip(&strings) {
        assert!(slice.iter().copied().eq(0..slice.len() as u32));
        assert!(string.chars().all(|char| char == 'ö'));
    }
    assert_eq!(heap.live_count(), slices.len() + strings.len());
    drop((slices, strings));
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn what_is_larger_than_memory_is_refused_in_words() {
    let heap = quiet_heap();
    let refused = |len| {
        let outcome =
            catch_unwind(AssertUnwindSafe(|| Gc::<[u64]>::new_uninit_slice_in(&heap, len)));
        message(&*outcome.expect_err("no such room"))
    };
    for len in [usize::MAX, usize::MAX / 8, isize::MAX as usize / 8] {
        assert_eq!(refused(len), "capacity overflow");
    }
    assert_eq!(heap.live_count(), 0);
}

/// As for `Vec`: that there is no memory is the allocator's failure.
#[test]
fn what_memory_has_no_room_for_ends_the_process_as_a_vec_does() {
    let name = "unsized_kinds::what_memory_has_no_room_for_ends_the_process_as_a_vec_does";
    const LEN: usize = 1 << 50;
    let Some(output) =
        in_own_process(name, || drop(Gc::<[u8]>::new_uninit_slice_in(&Heap::new(), LEN)))
    else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains(&format!("memory allocation of {LEN} bytes failed")), "{stderr}");
}

// ---- types: what an object is, and what it is seen as --------------------------------------------------

#[test]
fn any_handles_lead_back_to_slices_and_strings() {
    let slice = AnyGc::from(Gc::<[u8]>::from([1, 2]));
    assert!(slice.is::<[u8]>() && !slice.is::<str>());
    let slice = slice.downcast_str().unwrap_err().downcast_slice::<i8>().unwrap_err();
    assert_eq!(*slice.downcast_slice::<u8>().unwrap(), [1, 2]);

    let string = AnyGc::from(Gc::<str>::from("text"));
    assert_eq!((string.size(), string.type_name()), (4, "str"));
    let string = string.downcast_slice::<u8>().unwrap_err();
    assert_eq!(&*string.downcast_str().unwrap(), "text");

    // An array stays one, whatever it is coerced to; a slice too.
    let array = AnyGc::from(coerce!(Gc::new([1, 2]) => [i32]));
    assert_eq!(*array.downcast_slice::<i32>().unwrap_err().downcast::<[i32; 2]>().unwrap(), [1, 2]);
    let slice = Gc::<[i32; 2]>::try_from(Gc::<[i32]>::from([1, 2])).unwrap();
    assert_eq!(*AnyGc::from(slice).downcast_slice::<i32>().unwrap(), [1, 2]);
}

#[test]
fn a_string_that_became_bytes_is_no_string_again() {
    for with_side_table in [false, true] {
        let string = Gc::<str>::from("text");
        let id = with_side_table.then(|| Gc::id(&string));
        let other = string.clone();
        let mut bytes = Gc::<[u8]>::from(string);
        assert_eq!(AnyGc::from(other.clone()).type_name(), "[u8]");
        assert!(Gc::get_mut(&mut bytes).is_none());
        drop(other);
        // The last handle may write what is no text; nothing gives it out as a `str`.
        Gc::get_mut(&mut bytes).unwrap()[0] = 0xFF;
        assert!(id.is_none_or(|id| id == Gc::id(&bytes)));
        let any = AnyGc::from(bytes).downcast_str().unwrap_err();
        assert_eq!(any.downcast_slice::<u8>().unwrap()[0], 0xFF);
    }
}
