//! The allocator that checks catches what it is there for. Each fault has a process of its own, which
//! must end with the allocator's line about it; what is no fault must pass.
//!
//! The faults are told to a value of the allocator directly, not through the process's own, so that they
//! are nothing but wrong calls: the memory behind them is there all the time.

use std::alloc::{GlobalAlloc, Layout};
use std::process::{Command, ExitCode};

use checking_allocator::{Checking, FREED, NEW};
use libtest_mimic::{Arguments, Failed, Trial};

#[path = "support/checking_allocator.rs"]
mod checking_allocator;

#[global_allocator]
static CHECKING: Checking = Checking;

// ---- calls ---------------------------------------------------------------------------------------

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a layout")
}

fn alloc(layout: Layout) -> *mut u8 {
    // SAFETY: the allocator looks at the layout before it does anything.
    unsafe { CHECKING.alloc(layout) }
}

fn dealloc(ptr: *mut u8, layout: Layout) {
    // SAFETY: the allocator looks the pointer up and compares the layout before it does anything.
    unsafe { CHECKING.dealloc(ptr, layout) }
}

fn realloc(ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
    // SAFETY: as for `dealloc`.
    unsafe { CHECKING.realloc(ptr, layout, size) }
}

/// Writes to a block, to its guards, or to a block in the quarantine.
fn write(ptr: *mut u8, offset: isize) {
    let place = ptr.wrapping_offset(offset);
    // SAFETY: the memory is the allocator's, and there.
    unsafe { place.write(7) }
}

fn read(ptr: *mut u8, offset: usize) -> u8 {
    let place = ptr.wrapping_add(offset);
    // SAFETY: the memory is the allocator's, there, and filled with a pattern.
    unsafe { place.read() }
}

/// Allocates and frees until whatever waited in the quarantine has left it.
fn empty_the_quarantine() {
    for _ in 0..1 << 15 {
        dealloc(alloc(layout(8, 8)), layout(8, 8));
    }
}

// ---- programs ------------------------------------------------------------------------------------

/// A program, and what the allocator says of it. `{}` stands for an address.
type Fault = (&'static str, fn(), &'static str);

const FAULTS: &[Fault] = &[
    (
        "freed_with_another_size",
        || dealloc(alloc(layout(24, 8)), layout(32, 8)),
        "block {} of 24 bytes aligned to 8 is freed as 32 bytes aligned to 8",
    ),
    (
        "freed_with_another_alignment",
        || dealloc(alloc(layout(64, 64)), layout(64, 8)),
        "block {} of 64 bytes aligned to 64 is freed as 64 bytes aligned to 8",
    ),
    (
        "moved_with_another_layout",
        || {
            realloc(alloc(layout(24, 8)), layout(24, 4), 100);
        },
        "block {} of 24 bytes aligned to 8 is moved as 24 bytes aligned to 4",
    ),
    (
        "freed_with_the_layout_before_it_was_moved",
        || dealloc(realloc(alloc(layout(24, 8)), layout(24, 8), 48), layout(24, 8)),
        "block {} of 48 bytes aligned to 8 is freed as 24 bytes aligned to 8",
    ),
    (
        "freed_twice",
        || {
            let ptr = alloc(layout(24, 8));
            dealloc(ptr, layout(24, 8));
            dealloc(ptr, layout(24, 8));
        },
        "block {} of 24 bytes aligned to 8 is freed after it was freed",
    ),
    (
        "freed_where_it_was_before_it_was_moved",
        || {
            let ptr = alloc(layout(24, 8));
            realloc(ptr, layout(24, 8), 25);
            dealloc(ptr, layout(24, 8));
        },
        "block {} of 24 bytes aligned to 8 is freed after it was freed",
    ),
    (
        "moved_after_it_was_freed",
        || {
            let ptr = alloc(layout(24, 8));
            dealloc(ptr, layout(24, 8));
            realloc(ptr, layout(24, 8), 48);
        },
        "block {} of 24 bytes aligned to 8 is moved after it was freed",
    ),
    (
        "freed_twice_with_long_between",
        || {
            // So large that the system's allocator gives its memory to no other.
            let ptr = alloc(layout(1 << 24, 8));
            dealloc(ptr, layout(1 << 24, 8));
            empty_the_quarantine();
            dealloc(ptr, layout(1 << 24, 8));
        },
        "{} is freed as 16777216 bytes aligned to 8, and is no block",
    ),
    (
        "freed_what_is_on_the_stack",
        || dealloc((&raw mut *std::hint::black_box(&mut 5_u64)).cast(), layout(8, 8)),
        "{} is freed as 8 bytes aligned to 8, and is no block",
    ),
    (
        "freed_what_lies_inside_a_block",
        || dealloc(alloc(layout(24, 8)).wrapping_add(8), layout(16, 8)),
        "{} is freed as 16 bytes aligned to 8, and is no block",
    ),
    (
        "freed_null",
        || dealloc(std::ptr::null_mut(), layout(8, 8)),
        "{} is freed as 8 bytes aligned to 8, and is no block",
    ),
    (
        "written_before_its_start",
        || {
            let ptr = alloc(layout(24, 8));
            write(ptr, -1);
            dealloc(ptr, layout(24, 8));
        },
        "block {} of 24 bytes aligned to 8 was written 1 bytes before its start",
    ),
    (
        "written_behind_its_end",
        || {
            let ptr = alloc(layout(25, 8));
            write(ptr, 25);
            dealloc(ptr, layout(25, 8));
        },
        "block {} of 25 bytes aligned to 8 was written 0 bytes behind its end",
    ),
    (
        "written_behind_its_end_and_then_moved",
        || {
            let ptr = alloc(layout(25, 8));
            write(ptr, 30);
            realloc(ptr, layout(25, 8), 100);
        },
        "block {} of 25 bytes aligned to 8 was written 5 bytes behind its end",
    ),
    (
        "written_behind_its_end_and_never_freed",
        || write(alloc(layout(4096, 4096)), 4097),
        "block {} of 4096 bytes aligned to 4096 was written 1 bytes behind its end",
    ),
    (
        "written_after_it_was_freed",
        || {
            let ptr = alloc(layout(24, 8));
            dealloc(ptr, layout(24, 8));
            write(ptr, 16);
            empty_the_quarantine();
            unreachable!("the quarantine lets nothing out that was written to");
        },
        "block {} of 24 bytes aligned to 8 was written at offset 16 after it was freed",
    ),
    (
        "written_after_it_was_freed_and_seen_at_the_end",
        || {
            let ptr = alloc(layout(24, 8));
            dealloc(ptr, layout(24, 8));
            write(ptr, 16);
        },
        "block {} of 24 bytes aligned to 8 was written at offset 16 after it was freed",
    ),
    (
        "written_where_it_was_before_it_was_moved",
        || {
            let ptr = alloc(layout(24, 8));
            realloc(ptr, layout(24, 8), 48);
            write(ptr, 0);
        },
        "block {} of 24 bytes aligned to 8 was written at offset 0 after it was freed",
    ),
    (
        "written_behind_the_end_of_what_was_freed",
        || {
            let ptr = alloc(layout(24, 8));
            dealloc(ptr, layout(24, 8));
            write(ptr, 24);
        },
        "block {} of 24 bytes aligned to 8 was written 0 bytes behind its end",
    ),
    (
        "asked_for_nothing",
        || {
            alloc(layout(0, 8));
        },
        "0 bytes aligned to 8 are asked for",
    ),
    (
        "moved_to_nothing",
        || {
            realloc(alloc(layout(24, 8)), layout(24, 8), 0);
        },
        "block {} of 24 bytes aligned to 8 is moved to no bytes",
    ),
];

/// A program without a fault.
type Clean = (&'static str, fn());

const CLEAN: &[Clean] = &[
    ("blocks_of_all_sizes_and_alignments", || {
        let mut all = Vec::new();
        for align in (0..17).map(|bits| 1 << bits) {
            for size in [1, 2, 7, 8, 9, 24, 1000, 5000] {
                let ptr = alloc(layout(size, align));
                assert!(ptr.addr().is_multiple_of(align));
                write(ptr, 0);
                #[expect(clippy::cast_possible_wrap, reason = "a small number")]
                write(ptr, size as isize - 1);
                all.push((ptr, layout(size, align)));
            }
        }
        // Not in the order in which they came.
        all.sort_unstable_by_key(|(ptr, _)| ptr.addr().reverse_bits());
        all.into_iter().for_each(|(ptr, layout)| dealloc(ptr, layout));
    }),
    ("a_moved_block_keeps_its_bytes", || {
        let mut ptr = alloc(layout(1, 16));
        write(ptr, 0);
        for size in 1..200 {
            let moved = realloc(ptr, layout(size, 16), size + 1);
            assert_ne!(moved, ptr);
            ptr = moved;
            assert_eq!((read(ptr, 0), read(ptr, size)), (7, NEW));
        }
        let short = realloc(ptr, layout(200, 16), 1);
        assert_eq!(read(short, 0), 7);
        dealloc(short, layout(1, 16));
    }),
    ("blocks_are_filled_when_new_and_when_freed", || {
        let ptr = alloc(layout(100, 8));
        assert!((0..100).all(|offset| read(ptr, offset) == NEW));
        dealloc(ptr, layout(100, 8));
        assert!((0..100).all(|offset| read(ptr, offset) == FREED));
    }),
    ("zeroed_blocks_are_zeroed", || {
        // SAFETY: the layout is not empty.
        let ptr = unsafe { CHECKING.alloc_zeroed(layout(100, 8)) };
        assert!((0..100).all(|offset| read(ptr, offset) == 0));
        dealloc(ptr, layout(100, 8));
    }),
    ("a_freed_block_is_not_given_out_again_soon", || {
        let ptr = alloc(layout(24, 8));
        dealloc(ptr, layout(24, 8));
        let others: Vec<_> = (0..1000).map(|_| alloc(layout(24, 8))).collect();
        assert!(!others.contains(&ptr));
        others.into_iter().for_each(|ptr| dealloc(ptr, layout(24, 8)));
    }),
    ("many_bytes_pass_through_the_quarantine", || {
        for round in 0..40 {
            let layout = layout((1 << 22) + round, 8);
            dealloc(alloc(layout), layout);
        }
        let layout = layout(100 << 20, 8);
        dealloc(alloc(layout), layout);
        empty_the_quarantine();
    }),
    ("what_cannot_be_is_refused", || {
        let ptr = alloc(layout(24, 8));
        assert!(alloc(layout(isize::MAX as usize - 7, 8)).is_null());
        assert!(realloc(ptr, layout(24, 8), isize::MAX as usize - 7).is_null());
        dealloc(ptr, layout(24, 8));
    }),
    ("many_blocks_live_and_go_on_many_threads", || {
        let churn = |thread: usize| {
            let mut kept: Vec<Vec<usize>> = Vec::new();
            for step in 0..40_000 {
                kept.push((0..step % 7).collect());
                if step % 5 < 2 {
                    let gone = kept.swap_remove((step * 31 + thread) % kept.len());
                    assert!(gone.iter().enumerate().all(|(place, &number)| place == number));
                }
            }
        };
        std::thread::scope(|scope| {
            (0..4).for_each(|thread| {
                scope.spawn(move || churn(thread));
            });
        });
    }),
];

// ---- from outside --------------------------------------------------------------------------------

/// Runs a program in a process of its own. Returns whether it ended well, and what it said.
fn run(name: &str) -> (bool, String) {
    let binary = std::env::current_exe().expect("a test knows its binary");
    let output = Command::new(binary).args(["--program", name]).output();
    let output = output.expect("the test can be started again");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Whether the line says this, with any address where `{}` stands.
fn says(line: &str, words: &str) -> bool {
    let Some((before, after)) = words.split_once("{}") else { return line == words };
    let address = line.strip_prefix(before).and_then(|line| line.strip_suffix(after));
    address.and_then(|address| address.strip_prefix("0x")).is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

fn is_caught(name: &str, words: &str) -> Result<(), Failed> {
    let (is_well, said) = run(name);
    let line = said.strip_prefix("checking allocator: ").and_then(|line| line.strip_suffix('\n'));
    if !is_well && line.is_some_and(|line| says(line, words)) {
        Ok(())
    } else {
        Err(format!("expected: {words}\nit said: {said}").into())
    }
}

fn passes(name: &str) -> Result<(), Failed> {
    match run(name) {
        (true, said) if said.is_empty() => Ok(()),
        (_, said) => Err(said.into()),
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--program") {
        let name = arguments.next().expect("the program's name");
        let faults = FAULTS.iter().map(|&(name, program, _)| (name, program));
        let program = faults.chain(CLEAN.iter().copied()).find(|(other, _)| *other == name);
        program.expect("there is such a program").1();
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::from_args();
    let caught = |&(name, _, words): &Fault| {
        Trial::test(format!("{name}_is_caught"), move || is_caught(name, words))
    };
    let clean = |&(name, _): &Clean| Trial::test(name, move || passes(name));
    let trials = FAULTS.iter().map(caught).chain(CLEAN.iter().map(clean)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
