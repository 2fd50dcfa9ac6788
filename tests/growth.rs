//! Growth: what a program has done with a heap leaves nothing behind. Claim: after three rounds that warm
//! up, three more add no object, no byte of a slot or a page, and no byte or block at the process's
//! allocator; and the heap is whole after each.
//!
//! Hunted: side tables, entries of lists, chunks, thread-locals and boxes that are kept where nobody
//! misses them: the process works on, and has a little less memory after each request.
//!
//! Each program of `growth/programs.rs` has a process of its own, so that others do not disturb its
//! figures. `planted` ones lose something, and must be noticed.

use std::alloc::{GlobalAlloc, Layout};
use std::fmt;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};

use gc_core::{Gc, Heap};
use libtest_mimic::{Arguments, Failed, Trial};

use growth::base_allocator::Base;
use growth::programs::{PROGRAMS, Program};

mod growth {
    #[path = "../support/base_allocator.rs"]
    pub(crate) mod base_allocator;
    pub(crate) mod programs;
}

const WARM_UP: usize = 3;
const COUNTED: usize = 3;

// ---- in a process of its own ---------------------------------------------------------------------

/// Counts what is allocated and not freed.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: forwards to another allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        BLOCKS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { Base.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        BLOCKS.fetch_sub(1, Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { Base.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What there is after a round.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Figures {
    objects: usize,
    slot_bytes: usize,
    page_bytes: usize,
    bytes: usize,
    blocks: usize,
}

impl Figures {
    fn of(heaps: &[Heap]) -> Self {
        let (bytes, blocks) = (BYTES.load(Ordering::Relaxed), BLOCKS.load(Ordering::Relaxed));
        let stats: [_; 2] = std::array::from_fn(|number| heaps[number].stats());
        Self {
            objects: stats.iter().map(|stats| stats.live_objects).sum(),
            slot_bytes: stats.iter().map(|stats| stats.live_bytes).sum(),
            page_bytes: stats.iter().map(|stats| stats.page_bytes).sum(),
            bytes,
            blocks,
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { objects, slot_bytes, page_bytes, bytes, blocks } = self;
        write!(
            f,
            "{objects} objects, {slot_bytes} bytes of slots, {page_bytes} of pages; {bytes} bytes in \
             {blocks} blocks"
        )
    }
}

/// Runs the program round by round in one heap. Returns what there was after each.
fn rounds(program: Program) -> [Figures; WARM_UP + COUNTED] {
    let heaps = [Heap::new(), Heap::current()];
    let mut figures = [Figures::default(); WARM_UP + COUNTED];
    for place in &mut figures {
        program(&heaps[0]);
        for heap in &heaps {
            while heap.collect().collected > 0 {}
            heap.verify();
        }
        *place = Figures::of(&heaps);
    }
    figures
}

fn run(name: &str) -> ExitCode {
    let program = PROGRAMS.iter().chain(PLANTED).find(|(other, _)| *other == name);
    let figures = rounds(program.expect("there is such a program").1);
    let counted = &figures[WARM_UP - 1..];
    if counted.iter().all(|figures| *figures == counted[0]) {
        return ExitCode::SUCCESS;
    }
    eprintln!("{name}: what is left differs after the rounds");
    figures.iter().enumerate().for_each(|(round, left)| eprintln!("  {}: {left}", round + 1));
    ExitCode::FAILURE
}

// ---- planted losses ------------------------------------------------------------------------------

const PLANTED: &[(&str, Program)] = &[
    ("planted_object", |heap| std::mem::forget(Gc::new_in(heap, 5))),
    ("planted_block", |_| std::mem::forget(std::hint::black_box(Box::new(5)))),
    ("planted_list", |_| {
        use std::cell::RefCell;
        thread_local! { static LIST: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) } }
        LIST.with_borrow_mut(|list| list.reserve_exact(list.capacity() + 1000));
    }),
    ("planted_weak_handle", |heap| std::mem::forget(Gc::downgrade(&Gc::new_in(heap, 5)))),
    ("planted_subscription", |heap| heap.on_collection(|_| ()).forget()),
    ("planted_heap", |_| std::mem::forget(Heap::new())),
    ("planted_object_of_the_default_heap", |_| std::mem::forget(Gc::new(5))),
];

// ---- from outside --------------------------------------------------------------------------------

/// Runs a program in a process of its own.
fn grows_not(name: &str) -> Result<(), Failed> {
    let binary = std::env::current_exe().expect("a test knows its binary");
    let output = Command::new(binary).args(["--program", name]).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let words = || Err(format!("{}:\n{said}", output.status).into());
    if output.status.success() { Ok(()) } else { words() }
}

/// A planted loss is noticed, by its name and with the figures.
fn is_noticed(name: &str) -> Result<(), Failed> {
    match grows_not(name) {
        Ok(()) => Err("it was taken for good".into()),
        Err(failed) => {
            let said = failed.message().unwrap_or_default();
            let is_told = said.contains(&format!("{name}: what is left differs"))
                && said.lines().filter(|line| line.contains(" blocks")).count()
                    == WARM_UP + COUNTED;
            if is_told { Ok(()) } else { Err(failed) }
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--program") {
        return run(&arguments.next().expect("the program's name"));
    }
    let arguments = Arguments::from_args();
    let grows_not = |&(name, _): &(_, _)| Trial::test(name, move || grows_not(name));
    let noticed =
        |&(name, _): &(_, _)| Trial::test(format!("{name}_is_noticed"), move || is_noticed(name));
    let trials = PROGRAMS.iter().map(grows_not).chain(PLANTED.iter().map(noticed)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
