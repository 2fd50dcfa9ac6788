//! What size classes promise, for each size that there is.

use super::{CLASSES, FINE, Fit, HEADER, PAGE, capacity, first_slot, fit, slot_size};

/// The class for a value, with its slot size.
fn class_of(size: usize, align: usize, tracked: bool) -> Option<(usize, usize)> {
    match fit(size, align, tracked).expect("it is not larger than memory") {
        Fit::Class(class) => Some((class, slot_size(class))),
        Fit::Big { slot, align: wanted, tracked: kind } => {
            assert_eq!((wanted, kind), (align, tracked));
            assert!(slot.is_multiple_of(8) && (size + HEADER..size + HEADER + 16).contains(&slot));
            None
        }
    }
}

#[test]
fn a_value_goes_to_the_smallest_slot_that_serves_it() {
    for (tracked, align) in [false, true].into_iter().flat_map(|t| [1, 2, 4, 8, 16].map(|a| (t, a)))
    {
        for size in (0..8200).step_by(align) {
            let unit = align.max(8);
            let Some((class, slot)) = class_of(size, align, tracked) else {
                assert!(size.next_multiple_of(unit) + HEADER > 8000);
                continue;
            };
            assert_eq!(class % 2 == 1, tracked);
            assert!(
                slot >= HEADER + size && slot.is_multiple_of(unit),
                "{slot} for {size}, {align}"
            );
            let serves = |slot: &usize| *slot >= HEADER + size && slot.is_multiple_of(unit);
            assert!(!(0..class / 2).map(|number| slot_size(2 * number)).any(|slot| serves(&slot)));
        }
    }
}

#[test]
fn slot_sizes_rise_by_8_up_to_512_and_then_by_16_and_more() {
    let sizes: Vec<_> = (0..CLASSES / 2).map(|number| slot_size(2 * number)).collect();
    assert_eq!((sizes[0], sizes[sizes.len() - 1]), (HEADER, 8000));
    for pair in sizes.windows(2) {
        let step = pair[1] - pair[0];
        assert!(if pair[1] <= FINE { step == 8 } else { step.is_multiple_of(16) }, "{pair:?}");
    }
}

#[test]
fn what_is_larger_or_aligned_beyond_16_has_a_page_of_its_own() {
    assert_eq!(class_of(8000 - HEADER, 8, false).map(|(_, slot)| slot), Some(8000));
    assert!(class_of(8000 - HEADER + 1, 8, false).is_none());
    assert!(class_of(0, 32, true).is_none() && class_of(1 << 30, 1, true).is_none());
    assert!(fit(usize::MAX, 1, false).is_none() && fit(usize::MAX - 16, 8, false).is_none());
}

#[test]
fn a_page_has_as_many_slots_as_fit() {
    for class in 0..CLASSES {
        let (tracked, size) = (class % 2 == 1, slot_size(class));
        let end = |count| first_slot(tracked, count) + count * size;
        let count = capacity(tracked, size);
        assert!(count >= 2 && end(count) <= PAGE && end(count + 1) > PAGE, "{count} of {size}");
    }
}
