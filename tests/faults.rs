//! Faults, one after the other: each call of user code panics, each allocation fails. Claim: whatever
//! goes wrong, the heap stays whole and works on, no panic is lost or seen twice, and nothing is lost
//! but what the panic itself took.
//!
//! Hunted: a heap left in the middle of something (a flag, a list, a borrow, a pin), values dropped
//! twice or never, memory that is not given back, panics swallowed or doubled, and a collector that
//! needs memory in order to give some back.
//!
//! * `panics`: each program is run clean, to count the calls of hooks (visit, finalizer, drop, watch,
//!   cleanup, subscriber, debug sink, `Clone`, `Hash`, `Eq`, `Debug`, closures); then again with a
//!   panic at each call, in each of the `MODES`.
//! * `memory`: the same with each allocation inside `try_new`, a collection, or a heap's end failing,
//!   alone or with all that follow; where handles are dropped there must be none at all.
//! * `no_memory`: what cannot report the failure ends in `handle_alloc_error`, seen from outside.
//! * `planted`: faults of our own, which must be noticed.
//!
//! Each program has a process of its own, whose stderr is read: it has one line for each panic that
//! neither unwound nor went to a handler.

use std::process::{Command, ExitCode, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gc_core::{Gc, Heap, Interner, Slot, Trace, Tracer, Weak, WeakKeyMap, WeakValueMap};
use libtest_mimic::{Arguments, Failed, Trial};

use faults::allocator;
use faults::lab::{Calls, Handler, INJECTED, Lab, Mode, Moment, Plan};
use faults::programs::{PROGRAMS, Program};

mod faults {
    #[path = "../support/base_allocator.rs"]
    mod base_allocator;
    pub(crate) mod allocator;
    pub(crate) mod lab;
    pub(crate) mod programs;
}

/// Fewer than this many injections in all, and the claim is not tried well enough.
const LEAST: usize = 5_000;

const fn mode(handler: Handler, calls: Calls, moment: Moment) -> Mode {
    Mode { handler, calls, moment }
}

const MODES: [Mode; 7] = [
    mode(Handler::Absent, Calls::One, Moment::Before),
    mode(Handler::Absent, Calls::One, Moment::After),
    mode(Handler::Absent, Calls::AllFromThere, Moment::Before),
    mode(Handler::Counts, Calls::One, Moment::Before),
    mode(Handler::Counts, Calls::One, Moment::After),
    mode(Handler::Counts, Calls::AllFromThere, Moment::After),
    mode(Handler::Panics, Calls::One, Moment::Before),
];

/// Stands on stderr after each run, with the numbers of lines that must have come before.
const MARK: &str = "== told:";

/// Far longer than any process takes; then it ends itself, and the test fails.
const SECONDS: u32 = 120;
const LIMIT: &str = "GC_FAULTS_TIME_LIMIT";

/// The library's words for a panic of an error handler.
const HANDLER_PANICKED: &str = "the error handler panicked";

// ---- in a process of its own ---------------------------------------------------------------------

/// Runs a program. Returns how many hooks it called.
fn run(program: Program, plan: &Arc<Plan>) -> usize {
    let before = allocator::live_bytes();
    let lab = Lab::new(Heap::new(), plan);
    // What a program that ends early still holds is dropped in between, and may panic, too.
    let ended = lab.step(|| program(&lab)).flatten();
    assert!(ended.is_some() || !lab.is_clean(), "a clean run ended early");
    let calls = plan.calls();
    lab.settle();
    let left = allocator::live_bytes() - before;
    assert!(left == 0 || plan.may_have_lost(), "{left} bytes are left behind");
    calls
}

/// A run with hook call `at` panicking. Returns the number of hook calls.
fn panicking_run(program: Program, mode: Mode, at: Option<usize>) -> usize {
    let plan = Plan::of_panics(mode, at);
    let calls = run(program, &plan);
    assert_eq!(plan.thrown() > 0, at.is_some(), "the panic was thrown");
    let handlers = if mode.handler == Handler::Panics { plan.handled() } else { 0 };
    eprintln!("{MARK} {} {handlers}", plan.unseen());
    calls
}

/// Runs a program with this allocation failing, and those after it if that `lasts`. Returns how many
/// there were.
fn starving_run(program: Program, number: Option<usize>, lasts: bool) -> usize {
    let plan = Plan::of_memory(number.is_none());
    allocator::fail_at(number.unwrap_or(usize::MAX), lasts);
    let before = allocator::live_bytes();
    let lab = Lab::new(Heap::new(), &plan);
    program(&lab).expect("only panics end a program early");
    assert_eq!(allocator::failed() > 0, number.is_some(), "the allocation failed");
    let allocations = allocator::seen();
    lab.settle();
    assert_eq!(allocator::live_bytes(), before, "bytes are left behind");
    allocations
}

/// Panics at every hook call in every mode. Returns how many runs that were.
fn all_panics(program: Program) -> usize {
    std::panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or("?");
        if text != INJECTED && text != "the handler's own" {
            eprintln!("{info}");
        }
    }));
    // What std allocates once and keeps is allocated now.
    let _ = std::panic::catch_unwind(|| panic!("{INJECTED}"));
    warm_up(program);
    let mut injections = 0;
    for mode in MODES {
        let calls = panicking_run(program, mode, None);
        for at in 0..calls {
            eprintln!("{mode:?}, call {at}");
            panicking_run(program, mode, Some(at));
        }
        injections += calls;
    }
    injections
}

/// Fails every allocation, alone and with all that follow. Returns how many runs that were.
fn all_failures(program: Program) -> usize {
    warm_up(program);
    let allocations = starving_run(program, None, false);
    for lasts in [false, true] {
        for number in 0..allocations {
            eprintln!("allocation {number} fails, those after it as well: {lasts}");
            starving_run(program, Some(number), lasts);
        }
    }
    2 * allocations
}

/// Std and the heap's threads allocate some things once and keep them.
fn warm_up(program: Program) {
    let plan = Plan::of_panics(MODES[0], None);
    let lab = Lab::new(Heap::new(), &plan);
    program(&lab);
    lab.settle();
}

/// What cannot report that there is no memory.
type Maker = fn(&Heap);

fn five(heap: &Heap) -> Gc<i32> {
    allocator::outside(|| Gc::new_in(heap, 5))
}

const MAKERS: &[(&str, Maker)] = &[
    ("new", |heap| drop(Gc::new_in(heap, Slot::<u8>::empty()))),
    ("new_of_its_own_page", |heap| drop(Gc::new_in(heap, [0_u8; 20_000]))),
    ("new_in_the_default_heap", |_| drop(Gc::new(5))),
    ("box_in_the_default_heap", |_| drop::<Gc<i32>>(allocator::outside(|| Box::new(5)).into())),
    ("new_cyclic", |heap| drop(Gc::new_cyclic_in(heap, |_: &Weak<i32>| 5))),
    ("pin", |heap| drop(Gc::pin_in(heap, 5))),
    ("slice", |heap| drop(Gc::cloned_slice_in(heap, &[1, 2, 3]))),
    ("slice_of_unknown_length", |heap| {
        drop(Gc::collect_in(heap, (0..100).filter(|number| number % 2 == 0)));
    }),
    ("string", |heap| drop(Gc::str_in(heap, "a text"))),
    ("uninit", |heap| drop(Gc::<u64>::new_uninit_in(heap))),
    ("uninit_slice", |heap| drop(Gc::<[u64]>::new_uninit_slice_in(heap, 9))),
    ("downgrade", |heap| drop(Gc::downgrade(&five(heap)))),
    ("watch", |heap| drop(Gc::watch(&five(heap), || ()))),
    ("cleanup", |heap| drop(Gc::cleanup(&five(heap), || ()))),
    ("identity", |heap| {
        let _ = Gc::id(&five(heap));
    }),
    ("make_mut", |heap| {
        let (mut one, _other) = allocator::outside(|| {
            let one = Gc::new_in(heap, [5_u8; 20_000]);
            (one.clone(), one)
        });
        Gc::make_mut(&mut one)[0] = 6;
    }),
    ("weak_map_entry", |heap| {
        let map = WeakValueMap::new();
        map.insert(1, &five(heap));
    }),
    ("weak_key_map_entry", |heap| {
        let map = WeakKeyMap::new();
        let key = Gc::new_in(heap, 5);
        map.insert(&key, key.clone());
        map.clear();
    }),
    ("interner", |heap| {
        Interner::<u8>::new().intern_with(&5, |_| Gc::new_in(heap, 5));
    }),
    ("subscription", |heap| drop(heap.on_collection(|_| ()))),
    ("enumeration", |heap| {
        let _kept = allocator::outside(|| Gc::new_in(heap, Slot::<u8>::empty()));
        drop(heap.objects());
    }),
    ("edges", |heap| {
        let kept = allocator::outside(|| Gc::new_in(heap, Some(five(heap))));
        drop(Gc::referents(&kept));
    }),
    ("containers", |heap| {
        let kept = allocator::outside(|| {
            let map = WeakKeyMap::new();
            map.insert(&five(heap), Slot::<u8>::empty());
            Gc::new_in(heap, map)
        });
        drop(Gc::referents(&kept));
    }),
    ("names", |heap| {
        let _kept = allocator::outside(|| Gc::new_in(heap, Nameless(five(heap))));
        drop(heap.snapshot());
    }),
    ("heap", |_| drop(Heap::new())),
];

/// Reports its handle, and leaves the names to the heap.
struct Nameless(Gc<i32>);

// SAFETY: reports its one handle once; has no `Drop`.
unsafe impl Trace for Nameless {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }
}

/// Runs it with this allocation and all later ones failing. Prints how many there were, if it returns.
fn make_without_memory(maker: Maker, number: usize) {
    let heap = Heap::new();
    allocator::fail_at(number, true);
    allocator::window(|| maker(&heap));
    let failed = allocator::failed();
    allocator::fail_at(usize::MAX, false);
    println!("failed: {failed}");
}

// ---- planted faults --------------------------------------------------------------------------------

/// Programs that do what the library must not. Each has to fail.
const PLANTED: &[(&str, Program)] = &[
    ("lost_value", |lab| {
        let node = lab.step(|| lab.node())?;
        std::mem::forget(node);
        Some(())
    }),
    ("lost_bytes", |lab| {
        lab.step(|| lab.node())?;
        std::mem::forget(std::hint::black_box(Box::new(5)));
        Some(())
    }),
    ("swallowed_panic", |lab| {
        let hook = lab.hook(|| ());
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(hook));
        Some(())
    }),
    ("strange_panic", |lab| lab.step(|| panic!("planted"))),
    ("told_but_not_thrown", |_| {
        eprintln!("gc-core: the drop of a `Planted` panicked: {INJECTED}");
        Some(())
    }),
    ("abort", |_| std::process::abort()),
    ("hang", |_| {
        loop {
            std::thread::park();
        }
    }),
];

/// The same, for memory.
const PLANTED_IN_MEMORY: &[(&str, Program)] = &[
    ("drop_that_takes_memory", |lab| {
        lab.frugal(|| drop(std::hint::black_box(Box::new(5))));
        Some(())
    }),
    ("collection_that_aborts", |lab| {
        lab.collecting(|| {
            drop(std::hint::black_box(Box::new(5)));
            lab.heap.collect()
        });
        Some(())
    }),
];

// ---- from outside ----------------------------------------------------------------------------------

static INJECTIONS: AtomicUsize = AtomicUsize::new(0);

fn in_own_process(arguments: &[&str]) -> Output {
    let binary = std::env::current_exe().expect("a test knows its binary");
    let mut command = Command::new(binary);
    command.arg("--inner").args(arguments).env("RUST_BACKTRACE", "0");
    let seconds = if arguments[1] == "hang" { 1 } else { SECONDS };
    command.env(LIMIT, seconds.to_string());
    command.output().expect("the test can be started again")
}

/// The number behind this word on stdout.
fn number_of(word: &str, output: &Output) -> Option<usize> {
    let stdout = String::from_utf8_lossy(&output.stdout);
    stdout.lines().find_map(|line| line.strip_prefix(word)?.trim().parse().ok())
}

/// The last lines of what the process said.
fn last_words(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = stderr.lines().filter(|line| !line.starts_with(MARK)).collect();
    let last = lines[lines.len().saturating_sub(12)..].join("\n");
    format!("{}:\n{last}", output.status)
}

/// Each panic that nobody has seen is told on stderr, once.
fn check_told(stderr: &str) -> Result<(), Failed> {
    let (mut told, mut handlers, mut run) = (0, 0, "");
    for line in stderr.lines() {
        if let Some(expected) = line.strip_prefix(MARK) {
            let found = format!(" {told} {handlers}");
            if expected != found {
                let text = format!("{run}: panics and handlers told:{found}, expected:{expected}");
                return Err(text.into());
            }
            (told, handlers) = (0, 0);
        } else if line.contains(HANDLER_PANICKED) {
            handlers += 1;
        } else if line.starts_with("gc-core: ") && line.ends_with(INJECTED) {
            told += 1;
        } else {
            run = line;
        }
    }
    Ok(())
}

/// Runs all injections of one kind into one program. Returns how many.
fn inject(kind: &str, name: &str) -> Result<usize, Failed> {
    let output = in_own_process(&[kind, name]);
    let injections = number_of("injections:", &output).filter(|_| output.status.success());
    let injections = injections.ok_or_else(|| last_words(&output))?;
    check_told(&String::from_utf8_lossy(&output.stderr))?;
    Ok(injections)
}

fn inject_and_count(kind: &str, name: &str) -> Result<(), Failed> {
    let injections = inject(kind, name)?;
    INJECTIONS.fetch_add(injections, Ordering::Relaxed);
    Ok(())
}

fn is_noticed(kind: &str, name: &str) -> Result<(), Failed> {
    match inject(kind, name) {
        Ok(_) => Err("it was taken for good".into()),
        Err(_) => Ok(()),
    }
}

/// With each allocation failing in turn, the process ends in `handle_alloc_error`.
fn ends_in_handle_alloc_error(name: &str) -> Result<(), Failed> {
    for number in 0.. {
        let output = in_own_process(&["no_memory", name, &number.to_string()]);
        if number_of("failed:", &output) == Some(0) && output.status.success() {
            let tried = if number == 0 { Err("it takes no memory".into()) } else { Ok(()) };
            return tried;
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        // Without memory, the handler may fail to show where it was.
        let known = ["memory allocation of ", "skipping backtrace printing"];
        let alone = stderr.lines().all(|line| known.iter().any(|known| line.starts_with(known)));
        if !alone || !stderr.starts_with(known[0]) || output.status.success() {
            return Err(format!("allocation {number}: {}", last_words(&output)).into());
        }
        INJECTIONS.fetch_add(1, Ordering::Relaxed);
    }
    unreachable!("there is an end to it")
}

/// What this binary does in a process of its own.
fn inner(mut arguments: impl Iterator<Item = String>) {
    let kind = arguments.next().expect("a kind");
    let name = arguments.next().expect("a name");
    if kind == "no_memory" {
        let number = arguments.next().expect("a number").parse().expect("a number");
        let maker = MAKERS.iter().find(|(other, _)| *other == name);
        return make_without_memory(maker.expect("there is such a one").1, number);
    }
    let all = PROGRAMS.iter().chain(PLANTED).chain(PLANTED_IN_MEMORY);
    let program = all.into_iter().find(|(other, _)| *other == name);
    let program = program.expect("there is such a program").1;
    let injections = match kind.as_str() {
        "panics" => all_panics(program),
        "memory" => all_failures(program),
        _ => unreachable!("{kind}"),
    };
    println!("injections: {injections}");
}

unsafe extern "C" {
    // SAFETY: as the C library declares it: the process is killed when the seconds are over.
    safe fn alarm(seconds: u32) -> u32;
}

/// A hang is a failure like others.
fn end_after_the_limit() {
    let seconds = std::env::var(LIMIT).ok().and_then(|seconds| seconds.parse().ok());
    alarm(seconds.unwrap_or(SECONDS));
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--inner") {
        end_after_the_limit();
        inner(arguments);
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for &(name, _) in PROGRAMS {
        for kind in ["panics", "memory"] {
            let test = move || inject_and_count(kind, name);
            trials.push(Trial::test(format!("{kind}::{name}"), test));
        }
    }
    for &(name, _) in MAKERS {
        let test = move || ends_in_handle_alloc_error(name);
        trials.push(Trial::test(format!("no_memory::{name}"), test));
    }
    for (kind, programs) in [("panics", PLANTED), ("memory", PLANTED_IN_MEMORY)] {
        for &(name, _) in programs {
            let test = move || is_noticed(kind, name);
            trials.push(Trial::test(format!("planted::{name}"), test));
        }
    }
    let all = trials.len();
    let conclusion = libtest_mimic::run(&arguments, trials);
    let injections = INJECTIONS.load(Ordering::Relaxed);
    println!("{injections} injections");
    let are_enough = conclusion.num_passed < all as u64 || injections >= LEAST;
    if are_enough { conclusion.exit_code() } else { ExitCode::FAILURE }
}
