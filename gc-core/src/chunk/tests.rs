//! Where pages stand in what the allocator gave.

use super::{Chunk, ChunkRef, MALLOC_ALIGN, Request};
use crate::page::PAGE;

#[test]
fn pages_lie_inside_their_block_and_stand_where_their_objects_need_them() {
    let mut chunks = Vec::new();
    for (pages, align) in [1, 4, 64].into_iter().flat_map(|n| [1, 2, 4, 64].map(|a| (n, a * PAGE)))
    {
        for odd in 0..8 {
            // What lies between moves the next block.
            let between = vec![0_u8; 1000 * odd];
            let bytes = pages as usize * PAGE;
            let chunk = ChunkRef::allocate(&Request { pages, bytes, align }).expect("memory");
            let (block, first) = (chunk.0.addr().get(), chunk.addr());
            assert_eq!(first % PAGE, 0);
            assert!(align == PAGE || (first + PAGE).is_multiple_of(align));
            assert!(block + size_of::<Chunk>() <= first);
            assert!(first + bytes <= block + chunk.bytes());
            assert!(
                chunk.bytes() < size_of::<Chunk>() + bytes + 2 * align,
                "no more than aligning takes"
            );
            chunks.push((chunk, between));
        }
    }
    for (chunk, _) in chunks {
        // SAFETY: no page was ever taken, and the chunk is not used again.
        unsafe { chunk.release() };
    }
}

#[test]
fn pages_lie_inside_a_block_wherever_that_starts() {
    for (bytes, align) in
        [1, 3].into_iter().flat_map(|n| [1, 2, 4, 64].map(|a| (n * PAGE, a * PAGE)))
    {
        let request = Request { pages: 1, bytes, align };
        let size = request.size().expect("it is not larger than memory");
        let mut most = 0;
        for block in (align..2 * align).step_by(MALLOC_ALIGN) {
            let first = request.first_page(block);
            assert!(first >= size_of::<Chunk>() && first + bytes <= size);
            assert!((block + first - (align - PAGE)).is_multiple_of(align));
            most = most.max(first + bytes);
        }
        assert_eq!(most, size, "no more than is needed");
    }
}

#[test]
fn pages_are_handed_out_from_the_lowest_and_known_as_what_they_are() {
    for pages in [1, 4, 64] {
        let bytes = pages as usize * PAGE;
        let chunk = ChunkRef::allocate(&Request { pages, bytes, align: PAGE }).expect("memory");
        assert_eq!(chunk.is_shared(), pages > 1);
        assert!(chunk.is_unused() && chunk.has_room());
        for number in 0..pages {
            let (start, got) = chunk.take_page(number % 2 == 1).expect("there are more");
            assert_eq!(u32::from(got), number);
            assert_eq!(start.addr().get(), chunk.addr() + number as usize * PAGE);
            assert!(!chunk.is_unused());
        }
        assert!(!chunk.has_room() && chunk.take_page(true).is_none());
        let in_use = || [chunk.pages().count(), chunk.tracked_pages().count()];
        assert_eq!(in_use(), [pages as usize, pages as usize / 2]);
        for number in 0..pages {
            #[expect(clippy::cast_possible_truncation, reason = "at most 64")]
            let unused = chunk.put_page(number as u8);
            assert_eq!(unused, number + 1 == pages);
            let left = pages - number - 1;
            assert_eq!(in_use(), [left as usize, left.div_ceil(2).min(pages / 2) as usize]);
        }
        assert!(chunk.is_unused());
        // SAFETY: no page is in use, and the chunk is not used again.
        unsafe { chunk.release() };
    }
}
