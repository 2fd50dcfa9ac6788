//! Programs that have broken other collectors, one file each in `holes/programs`, bound to this
//! library by `holes/adapter.rs`. Claim: each ends as a sound library lets it end.
//!
//! Hunted: undefined behaviour out of safe code (a look at a dead neighbour, a second drop, an object
//! freed in use), lost garbage, aborts, overflows of stack or counters, hangs, heaps that do not work
//! after a panic.
//!
//! Each program runs in a process of its own, which is this binary with `--program NAME`. Its file's
//! header says how it may end (`expected`: `ok`, `panic` for a clean one, `leak` for garbage that
//! stays). That it ends otherwise than `ok` here has to be argued there: `// here: panic, since …` if
//! the header allows that end, `// deviates: leak, since …` if not. Without such a line it must end
//! well, and with one it must end so. What must not compile is in `ui/holes`.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

mod holes {
    #[path = "../support/base_allocator.rs"]
    mod base_allocator;
    pub(crate) mod support;
    pub(crate) mod adapter;
}

/// A program: its file, and what runs it.
struct Program {
    name: &'static str,
    source: &'static str,
    main: fn(),
}

/// Gives each program a module in which all words of the dialect are known.
macro_rules! programs {
    ($($name:ident)*) => {
        $(
            #[expect(non_snake_case, reason = "the file's name")]
            #[allow(unused_imports, dead_code, reason = "no program uses all of the dialect")]
            #[allow(clippy::style, clippy::complexity, clippy::suspicious, reason = "told as they are")]
            mod $name {
                use std::cell::{Cell, RefCell};
                use crate::holes::{adapter::*, support::*};
                include!(concat!("holes/programs/", stringify!($name), ".rs"));
            }
        )*
        const PROGRAMS: &[Program] = &[$(Program {
            name: stringify!($name),
            source: include_str!(concat!("holes/programs/", stringify!($name), ".rs")),
            main: $name::main,
        }),*];
    };
}

programs! {
    A01_dtor_derefs_garbage_peer
    A02_dtor_leaks_static_ref
    A03_dtor_stashes_peer_handle
    A04_dtor_stashes_self
    A05_fin_resurrects_into_live_object
    A06_fin_resurrects_subgraph
    A07_fin_moves_edge_to_root
    A08_fin_drops_last_handle_of_garbage
    A09_dtor_allocates_cycles
    A10_dtor_calls_collect
    A11_plain_field_drop_allocates_and_collects
    A13_dtor_alloc_storm
    A14_finalizer_runs_once
    A15_parent_dtor_reads_child_acyclic
    C01_borrow_mut_held_during_collect
    C03_borrow_shared_held
    C04_double_visit_scan
    C05_assign_under_borrow_cascade
    C06_make_mut_then_collect
    C07_get_mut_with_weak
    C09_swap_contents_between_objects
    CF11_cell_of_handle
    CF13_generic_derive
    CF14_move_fields_out
    CF15_unsized_trait_object
    CF18_ignored_field_attr_safe
    F01_differential_graph
    L01_tls_handle_outlives_heap
    L02_tls_handle_dies_before_heap
    L04_thread_exit_reclaims_cycles
    L07_thread_panics_with_cycles
    M01_forget_handles_16k
    M02_indegree_100k
    M03_zero_sized
    M04_over_aligned
    M05_large_payload
    M06_deep_list_refcount_drop
    M07_deep_ring_collect
    M08_live_deep_list_traced
    M09_wide_object
    M10_doubly_linked_list
    M11_unbounded_garbage_without_explicit_collect
    M12_collect_allocates
    P01_panic_in_drop_of_cycle_member
    P02_panic_in_drop_refcount
    P03_panic_in_finalizer
    P04_panic_in_new_cyclic_weak
    P07_collect_while_unwinding
    T01_trace_panics
    T02_trace_clones_and_drops_handles
    T03_trace_takes_edge
    T04_trace_allocates
    T05_trace_calls_collect
    T07_mutex_locked
    T09_rc_shared_handle
    T10_manually_drop_handle
    W01_weak_none_after_collect
    W02_weak_upgrade_in_cycle_dtor
    W04_weak_self_upgrade_in_own_dtor
    W06_many_weaks
    W07_forgotten_weaks_overflow
    W08_weak_inside_cycle
}

/// Programs that end badly: each must be noticed, or nothing here is worth anything.
const PLANTED: &[Program] = &[
    Program {
        name: "planted_wrong_answer",
        source: "// expected: ok panic leak\n",
        main: || holes::support::wrong("planted"),
    },
    Program {
        name: "planted_leak_that_is_not_argued",
        source: "// expected: ok leak\n",
        main: || holes::support::soft("planted"),
    },
    Program {
        name: "planted_leak_that_is_not_allowed",
        source: "// expected: ok\n// here: leak, since it is planted\n",
        main: || holes::support::soft("planted"),
    },
    Program {
        name: "planted_argument_without_a_leak",
        source: "// expected: ok leak\n// here: leak, since it was so once\n",
        main: || {},
    },
    Program { name: "planted_panic", source: "// expected: ok\n", main: || panic!("planted") },
    Program {
        name: "planted_deviation_that_is_no_deviation",
        source: "// expected: ok leak\n// deviates: leak, since it is planted\n",
        main: || holes::support::soft("planted"),
    },
    Program {
        name: "planted_abort_that_is_argued",
        source: "// expected: ok\n// deviates: abort, since it is planted\n",
        main: || {
            eprintln!("gc-core: refcount error: planted");
            std::process::abort();
        },
    },
    Program {
        name: "planted_abort",
        source: "// expected: ok panic leak\n",
        main: || std::process::abort(),
    },
    Program {
        name: "planted_hang",
        source: "// expected: ok\n",
        main: || std::thread::sleep(Duration::from_secs(3600)),
    },
    Program {
        name: "planted_panic_at_the_threads_end",
        source: "// expected: ok\n",
        main: || {
            struct Late;
            impl Drop for Late {
                fn drop(&mut self) {
                    panic!("planted");
                }
            }
            thread_local! { static LATE: Late = const { Late } }
            LATE.with(|_| ());
        },
    },
];

/// How a program ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// With nothing to say.
    Ok,
    /// By a panic that left `main`.
    Panic,
    /// With garbage that stayed, or another thing that is safe and unwanted.
    Leak,
    /// By the library's own abort, which says that a hand-written `Trace` has lied.
    Abort,
    /// With damage: wrong memory or answers, any other abort, a signal, a strange exit code.
    Broken,
    /// Not at all.
    Hang,
}

impl End {
    fn named(name: &str) -> Option<Self> {
        match name {
            "ok" => Some(Self::Ok),
            "panic" => Some(Self::Panic),
            "leak" => Some(Self::Leak),
            "abort" => Some(Self::Abort),
            _ => None,
        }
    }
}

impl Program {
    /// What stands in the header after this word.
    fn header(&self, word: &str) -> Option<&'static str> {
        let lines = self.source.lines().take_while(|line| line.starts_with("//"));
        lines.into_iter().find_map(|line| line.strip_prefix("// ")?.strip_prefix(word))
    }

    /// The ends that a sound library may have.
    fn allowed(&self) -> Vec<End> {
        let header = self.header("expected: ").or(self.header("expected of a sound library: "));
        let names = header.expect("the header says what is expected").split_whitespace();
        names.map(|name| End::named(name).expect("ok, panic or leak")).collect()
    }

    /// The end that is claimed for this library.
    fn claimed(&self) -> Result<End, Failed> {
        let (argument, is_allowed) = match (self.header("here: "), self.header("deviates: ")) {
            (None, None) => return Ok(End::Ok),
            (Some(argument), None) => (argument, true),
            (None, Some(argument)) => (argument, false),
            (Some(_), Some(_)) => return Err("one end is claimed too many".into()),
        };
        let (name, _) = argument.split_once(", since ").ok_or("a reason is needed")?;
        let claimed = End::named(name).ok_or("an end is needed: ok, panic, leak or abort")?;
        // Only what breaks the contract of an `unsafe impl` may abort.
        if claimed == End::Abort && !self.source.contains("node_trace_hook!") {
            return Err("safe code never aborts".into());
        }
        if self.allowed().contains(&claimed) == is_allowed {
            Ok(claimed)
        } else {
            Err(format!("{claimed:?} is claimed; whether it is allowed, is said otherwise").into())
        }
    }

    /// Runs the program in a process of its own. Returns how it ended, and what it said.
    fn end(&self, limit: Duration) -> (End, String) {
        let binary = std::env::current_exe().expect("a test knows its binary");
        let output = std::env::temp_dir().join(format!("{}-{}", self.name, std::process::id()));
        let file = std::fs::File::create(&output).expect("a file can be made");
        let mut command = Command::new(binary);
        command.args(["--program", self.name]).stdout(Stdio::null()).stderr(file);
        if self.source.contains("// forgets: ") {
            // The leak sanitizer need not tell what the header tells.
            for options in ["ASAN_OPTIONS", "LSAN_OPTIONS"] {
                let others = std::env::var(options).unwrap_or_default();
                command.env(options, format!("{others}:detect_leaks=0"));
            }
        }
        let mut process = command.spawn().expect("the test can be started again");
        let start = Instant::now();
        let status = loop {
            if let Some(status) = process.try_wait().expect("the process can be asked") {
                break Some(status);
            }
            if start.elapsed() > limit {
                process.kill().expect("it is ours");
                process.wait().expect("it was killed");
                break None;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let said = std::fs::read(&output).expect("the file is there");
        std::fs::remove_file(&output).expect("the file is ours");
        let said = String::from_utf8_lossy(&said).into_owned();
        let end = match status {
            None => End::Hang,
            Some(_) if said.contains("WRONG: ") => End::Broken,
            Some(status) if status.success() && said.contains("SOFT: ") => End::Leak,
            Some(status) if status.success() => End::Ok,
            Some(status) if status.code() == Some(101) => End::Panic,
            Some(_) if said.lines().any(|line| line.starts_with("gc-core: refcount error")) => {
                End::Abort
            }
            Some(_) => End::Broken,
        };
        (end, said)
    }

    /// Runs the program and compares its end with what is allowed and claimed.
    fn check(&self, limit: Duration) -> Result<(), Failed> {
        let claimed = self.claimed()?;
        match self.end(limit) {
            (end, _) if end == claimed => Ok(()),
            (end, said) => {
                Err(format!("{claimed:?} is claimed, the end is {end:?}:\n{said}").into())
            }
        }
    }
}

/// Far more than any program takes, with the address sanitizer and on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// In the process of its own.
fn run(name: &str) -> ExitCode {
    let program = PROGRAMS.iter().chain(PLANTED).find(|program| program.name == name);
    (program.expect("there is such a program").main)();
    holes::adapter::verify();
    ExitCode::SUCCESS
}

/// Every file in the folder is in the list above.
fn every_file_is_listed() -> Result<(), Failed> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/holes/programs");
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|file| Ok(file?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort_unstable();
    let listed: Vec<_> = PROGRAMS.iter().map(|program| format!("{}.rs", program.name)).collect();
    if files == listed { Ok(()) } else { Err(format!("{files:?} are there").into()) }
}

/// A planted program is noticed; one that hangs, when the time is over.
fn is_noticed(planted: &Program) -> Result<(), Failed> {
    let limit = if planted.name == "planted_hang" { Duration::from_millis(300) } else { LIMIT };
    match planted.check(limit) {
        Ok(()) => Err("it was taken for good".into()),
        Err(_) => Ok(()),
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--program") {
        return run(&arguments.next().expect("the program's name"));
    }
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("every_file_is_listed", every_file_is_listed)];
    trials.extend(PLANTED.iter().map(|planted| {
        Trial::test(format!("{}_is_noticed", planted.name), || is_noticed(planted))
    }));
    trials
        .extend(PROGRAMS.iter().map(|program| Trial::test(program.name, || program.check(LIMIT))));
    libtest_mimic::run(&arguments, trials).exit_code()
}
