//! Random programs that safe code could be, run against real heaps with a naive model beside them.
//!
//! The model knows who holds whom, and finds out by walking who is reachable. From that alone it says
//! which object may end and which must, what a collection has to report, and which hook's turn it is:
//! it never asks the heap. What is compared is listed in `compare.rs` (after every step) and `order.rs`
//! (as hooks run). Hunted is what no list of cases has: handles moved, lent, swapped and lost at all
//! ages, between and inside collections of every kind, by hooks of every kind.
//!
//! What the model does not say, since nothing promises it: the order within one step of a sweep, what
//! a collection cut short by a budget finds (each object only with all that hold it), whether those
//! who wait for their end grow older meanwhile, and whether old suspects set off a full collection
//! that is due for nothing else.
//!
//! | file | job |
//! | --- | --- |
//! | `op` | the operations, and their form as bytes |
//! | `random` | programs from a seed |
//! | `value` | what lives in the heaps: values, their hooks, handles of every kind |
//! | `model` | who holds whom |
//! | `walk` | what is reached, and what is garbage |
//! | `counters` | a heap's counters |
//! | `order`, `sweep` | what may happen next, by count and in a collection |
//! | `world` | heaps, handles and model together |
//! | `act`, `alone`, `map`, `deed` | what operations do, and hooks |
//! | `compare` | what is compared; a program's end |
//! | `shrink` | a small program in place of a large one |

mod act;
mod alone;
mod compare;
mod counters;
mod deed;
mod map;
mod model;
pub(crate) mod op;
mod order;
pub(crate) mod random;
pub(crate) mod shrink;
mod sweep;
mod value;
mod walk;
mod world;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, Once, PoisonError};

use op::Op;
use order::Frame;
use sweep::VISIT_PANICKED;
use value::{Last, Quiet, VISITS_LEFT, Value};
use world::{Outcome, World};

pub(crate) use world::Setting;

/// Steps that a program may have at most.
pub(crate) const MOST_STEPS: usize = 1000;

/// A program, and the world that it runs in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) setting: Setting,
    pub(crate) ops: Vec<Op>,
}

impl Difference {
    /// What it is about, without the numbers: the same for what is probably the same mistake.
    pub(crate) fn kind(&self) -> String {
        self.what.chars().filter(|c| !c.is_ascii_digit()).collect()
    }
}

impl Program {
    /// The program that these bytes are. Any bytes are one.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let (&setting, bytes) = bytes.split_first().unwrap_or((&0, &[]));
        Self { setting: Setting::of_bits(setting), ops: op::decode(bytes, MOST_STEPS) }
    }

    /// The program that the fuzzer runs for these bytes: in no world that takes its time, or seldom.
    #[allow(dead_code, reason = "not everyone has to do with the fuzzer")]
    pub(crate) fn of_fuzzer(bytes: &[u8]) -> Self {
        let mut program = Self::of_bytes(bytes);
        program.setting.threaded &= bytes.len().is_multiple_of(8);
        program.setting.aged = false;
        program
    }

    /// The bytes for [`Program::of_bytes`].
    #[allow(dead_code, reason = "for those who write corpora")]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.setting.to_bits()];
        self.ops.iter().for_each(|op| op.write(&mut bytes));
        bytes
    }
}

impl Setting {
    /// The bits of each flag. Threads and aged heaps take their time, so they need more than one.
    const BITS: [u8; 5] = [1, 2, 4, 0b1_1000, 0b1110_0000];

    pub(crate) fn of_bits(bits: u8) -> Self {
        let bit = |number: u8| bits >> number & 1 == 1;
        Self {
            hostile: bit(0),
            automatic: bit(1),
            two_heaps: bit(2),
            threaded: bit(3) && bit(4),
            aged: bit(5) && bit(6) && bit(7),
        }
    }

    fn to_bits(self) -> u8 {
        let Self { hostile, automatic, two_heaps, threaded, aged } = self;
        let bits = [hostile, automatic, two_heaps, threaded, aged].into_iter().zip(Self::BITS);
        bits.map(|(is, bits)| u8::from(is) * bits).sum()
    }
}

/// The program as a literal, ready to be pasted among the regression programs.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Program {{\n    setting: {:?},\n    ops: vec![", self.setting)?;
        for op in &self.ops {
            writeln!(f, "        Op::{op:?},")?;
        }
        write!(f, "    ],\n}}")
    }
}

/// A heap that did not do as the model says.
#[derive(Debug)]
pub(crate) struct Difference {
    /// The number of the step; that of steps if it came at the end.
    pub(crate) step: usize,
    pub(crate) what: String,
}

thread_local! {
    /// Whether this thread runs a program, whose panics nobody has to see.
    static RUNS: Cell<bool> = const { Cell::new(false) };
    /// What it panicked with last, and where.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Panics of running programs are taken down, not printed.
fn take_down_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if RUNS.get() {
                LAST_PANIC.set(info.to_string());
            } else {
                before(info);
            }
        }));
    });
}

/// Runs a program.
///
/// After a difference the heaps are in doubt, and are left alone.
pub(crate) fn run(program: &Program) -> Result<(), Difference> {
    take_down_panics();
    match program.setting {
        Setting { hostile: true, threaded: true, .. } => run_on_a_thread::<Last>(program),
        Setting { hostile: false, threaded: true, .. } => run_on_a_thread::<Quiet>(program),
        Setting { hostile: true, .. } => run_here::<Last>(program, World::end),
        Setting { hostile: false, .. } => run_here::<Quiet>(program, World::end),
    }
}

fn run_here<T: Value>(program: &Program, end: impl Fn(&Rc<World<T>>)) -> Result<(), Difference> {
    RUNS.set(true);
    VISITS_LEFT.set(0);
    VISIT_PANICKED.set(false);
    let world = World::<T>::new(program.setting);
    let at = Cell::new(0);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        for (number, &op) in program.ops.iter().enumerate() {
            at.set(number);
            world.step(op);
        }
        at.set(program.ops.len());
        end(&world);
    }));
    RUNS.set(false);
    outcome.map_err(|_| {
        let first = world.first_failure();
        std::mem::forget(world.clone());
        Difference { step: at.get(), what: first.unwrap_or_else(|| LAST_PANIC.take()) }
    })
}

/// The end of the program is the end of its thread: the default heap closes, before or after a
/// thread-local that has the roots.
fn run_on_a_thread<T: Value>(program: &Program) -> Result<(), Difference> {
    thread_local! {
        static REMAINS: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
    }
    let outcome = Arc::new(Mutex::new(Outcome::default()));
    let (told, program) = (outcome.clone(), program.clone());
    let steps = program.ops.len();
    let thread = std::thread::spawn(move || {
        let heap_first = program.ops.len() % 2 == 0;
        if !heap_first {
            REMAINS.with(|_| ());
        }
        run_here::<T>(&program, |world| {
            world.prepare_for_the_end(told.clone());
            RUNS.set(true);
            REMAINS.set(Some(Box::new(Remains(world.clone()))));
        })
    });
    thread.join().expect("differences are caught")?;
    let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
    match (outcome.gone, &outcome.failure) {
        (true, None) => Ok(()),
        (false, None) => {
            Err(Difference { step: steps, what: "values outlive their thread".into() })
        }
        (_, Some(failure)) => Err(Difference { step: steps, what: failure.clone() }),
    }
}

/// The roots of a program whose thread ends.
struct Remains<T: Value>(Rc<World<T>>);

impl<T: Value> Drop for Remains<T> {
    fn drop(&mut self) {
        self.0.let_go_at_the_end();
    }
}

impl<T: Value> World<T> {
    fn first_failure(&self) -> Option<String> {
        self.model.try_borrow().ok().and_then(|model| model.failure.clone())
    }

    /// From here on nobody compares, but the model goes on listening to the hooks.
    fn prepare_for_the_end(&self, told: Arc<Mutex<Outcome>>) {
        self.calm.set(true);
        self.calm_down();
        self.take_garbage(0);
        // A `Heap` value would keep the heap from closing.
        drop(self.entry(0).heap.take());
        *self.outcome.borrow_mut() = Some(told);
        let mut model = self.model.borrow_mut();
        model.heaps[0].pauses += 1;
        model.begin(Frame::Shutdown(0));
    }

    fn let_go_at_the_end(&self) {
        let closed = self.model.borrow().heaps[0].sweeps_at_end > 0;
        if closed {
            let mut model = self.model.borrow_mut();
            model.heaps[0].closed = true;
            model.disarm_cleanups(0);
            let swept = model.no_garbage(0);
            model.check(swept, || "the thread's heap has closed, and garbage is left".into());
        }
        self.weak.take();
        self.cleanups.take();
        while let Some((id, handle)) = self.take_root(0) {
            // No collection comes any more: rings are untied by hand.
            let handle = if handle.is_any() { handle.recast() } else { handle };
            while let Some(edge) = handle.core().and_then(|core| self.take_edge(id, core, 0)) {
                self.push_root(Some(edge));
            }
            self.let_go((id, handle));
        }
        while self.drop_watch(0).is_some() {}
    }
}
