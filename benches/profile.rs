//! Where ours spends its instructions, work by work: callgrind's profile, summed up by what the heap does.

use std::collections::{BTreeMap, HashMap};
use std::fs;

use crate::args::Plan;
use crate::callgrind;
use crate::child;
use crate::contestants::{self, OURS};

/// What an instruction is spent on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Stage {
    /// The work's own, and what it hands to the heap or looks at there.
    Work,
    /// A slot and a header for a new object; clones and drops of handles that end nothing.
    Births,
    /// Objects that end since their last handle goes.
    Deaths,
    /// Suspects, noted as handles go.
    Suspects,
    /// Which suspects are garbage.
    Judging,
    /// Garbage, freed; without the drops of its values.
    Sweeping,
    /// The drops of values, and what the handles in them come to.
    Drops,
    /// Weak containers.
    Weak,
    /// The allocator.
    Allocator,
}

impl Stage {
    fn words(self) -> &'static str {
        match self {
            Self::Work => "the work itself",
            Self::Births => "births and handles",
            Self::Deaths => "deaths by count",
            Self::Suspects => "noting suspects",
            Self::Judging => "judging",
            Self::Sweeping => "sweeping",
            Self::Drops => "drops of values",
            Self::Weak => "weak containers",
            Self::Allocator => "the allocator",
        }
    }

    /// What a function is for, by its name. `None`: that is for the files of its lines to say, or it is the
    /// process's beginning.
    fn of_function(name: &str) -> Option<Self> {
        let allocator =
            ["malloc", "free", "realloc", "cfree", "_int_", "unlink_chunk", "__rust_", "__rustc"];
        if name.starts_with("benches::") {
            return Some(Self::Work);
        } else if name.starts_with("core::ptr::drop_in_place") || name.contains("::drop_one") {
            return Some(Self::Drops);
        } else if allocator.iter().any(|start| name.starts_with(start)) {
            return Some(Self::Allocator);
        }
        let module = name.trim_start_matches('<').strip_prefix("gc_core::")?.split("::").next()?;
        Some(match module {
            "judge" | "trace" | "ephemeron" => Self::Judging,
            "losses" | "state" => Self::Suspects,
            "sweep" => Self::Sweeping,
            "reclaim" if name.contains("::notice") => Self::Suspects,
            "reclaim" | "deaths" => Self::Deaths,
            "weak_map" | "table" | "registry" | "entry" | "side" | "weak" => Self::Weak,
            _ if name.contains("suspect") => Self::Suspects,
            _ => Self::Births,
        })
    }

    /// What the lines of this file are for where they were compiled into the work, or into functions that
    /// are made for each type. `None`: they are for what the others of the function are for.
    fn of_file(path: &str, within: Option<Self>) -> Option<Self> {
        if path.contains("/benches/") {
            return Some(Self::Work);
        }
        let (_, file) = path.split_once("/gc-core/src/")?;
        match (within, file) {
            (Some(_), _) if file.contains("weak") => Some(Self::Weak),
            (Some(_), _) | (None, "birth.rs" | "gc.rs") => Some(Self::Births),
            (None, "reclaim.rs" | "deaths.rs" | "page.rs" | "state.rs") => Some(Self::Deaths),
            (None, "trace.rs") => Some(Self::Judging),
            _ => None,
        }
    }
}

/// A work's stages and their shares, the largest first.
pub(crate) type Profile = Vec<(Stage, f64)>;

/// The profile of a small run of a work. `None`: it could not be made.
pub(crate) fn of_work(plan: &Plan, work: &str) -> Option<Profile> {
    fs::create_dir_all(&plan.folder).ok()?;
    let path = plan.folder.join(format!("{work}.callgrind"));
    let work = child::command(contestants::find(OURS)?, work, true)?;
    let out = callgrind::under(&work, path.to_str()?).output().ok()?;
    out.status.success().then_some(())?;
    Some(shares(&read(&fs::read_to_string(path).ok()?)))
}

/// In words: the stages that take a twelfth at least.
pub(crate) fn words(profile: &Profile) -> String {
    let part = |&(stage, share): &(Stage, f64)| format!("{} {:.0} %", stage.words(), 100.0 * share);
    let large = profile.iter().filter(|(_, share)| *share >= 1.0 / 12.0);
    large.map(part).collect::<Vec<_>>().join(", ")
}

/// The name of a stage in other programs' eyes.
pub(crate) fn name(stage: Stage) -> String {
    format!("{stage:?}").to_lowercase()
}

fn shares(costs: &BTreeMap<Stage, u64>) -> Profile {
    let sum: u64 = costs.values().sum();
    let mut shares: Profile =
        costs.iter().map(|(&stage, &cost)| (stage, cost as f64 / sum as f64)).collect();
    shares.sort_by(|one, other| other.1.total_cmp(&one.1));
    shares
}

/// The lines of a function, by file: how many instructions they took.
type Lines<'a> = BTreeMap<&'a str, u64>;

/// Sums up a profile in callgrind's format: lines `key=(number) name`, where a number that is known comes
/// without the name, and lines `position cost`. The line after `calls=` is the callee's.
fn read(profile: &str) -> BTreeMap<Stage, u64> {
    let mut costs = BTreeMap::new();
    let (mut functions, mut files) = (HashMap::new(), HashMap::new());
    let (mut function, mut file, mut lines) = ("", "", Lines::new());
    let mut is_of_callee = false;
    for line in profile.lines() {
        match line.split_once('=') {
            Some(("fn", name)) => {
                add(function, &std::mem::take(&mut lines), &mut costs);
                function = known(&mut functions, name);
            }
            Some(("fl" | "fi" | "fe", path)) => file = known(&mut files, path),
            Some(("cfn", name)) => _ = known(&mut functions, name),
            Some(("cfi" | "cfl", path)) => _ = known(&mut files, path),
            Some(("calls", _)) => is_of_callee = true,
            Some(_) => {}
            None => {
                let cost = line.split_once(' ').and_then(|(_, cost)| cost.parse::<u64>().ok());
                if let Some(cost) = cost.filter(|_| !std::mem::take(&mut is_of_callee)) {
                    *lines.entry(file).or_default() += cost;
                }
            }
        }
    }
    add(function, &lines, &mut costs);
    costs
}

/// Adds a function's lines to what they are for.
fn add(function: &str, lines: &Lines<'_>, costs: &mut BTreeMap<Stage, u64>) {
    let within = Stage::of_function(function);
    if let Some(stage) = within.filter(|&stage| stage != Stage::Work) {
        *costs.entry(stage).or_default() += lines.values().sum::<u64>();
        return;
    }
    let mut parts: BTreeMap<Stage, u64> = BTreeMap::new();
    for (path, cost) in lines {
        if let Some(stage) = Stage::of_file(path, within) {
            *parts.entry(stage).or_default() += cost;
        }
    }
    let (known, all): (u64, u64) = (parts.values().sum(), lines.values().sum());
    for (stage, part) in parts {
        // What the standard library has in the function is shared out like the rest.
        *costs.entry(stage).or_default() += part * all / known.max(1);
    }
}

/// The name in `(number) name`, or the one that the number had before.
fn known<'a>(names: &mut HashMap<&'a str, &'a str>, named: &'a str) -> &'a str {
    let (number, name) = named.split_once(' ').unwrap_or((named, ""));
    if !name.is_empty() {
        names.insert(number, name);
    }
    names.get(number).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "\
version: 1
events: Ir
fl=(1) /benches/works/graphs.rs
fn=(1) benches::works::graphs::family
10 5
fi=(2) /x/gc-core/src/birth.rs
+3 20
fi=(3) /rustc/library/core/src/cell.rs
+1 10
fe=(1)
12 7
fi=(3)
1 6
fe=(1)
cfn=(2) gc_core::judge::judge
calls=1 0
12 1000
fl=(4) /x/gc-core/src/judge.rs
fn=(2)
1 42
fn=(3) core::ops::function::FnOnce::call_once
fi=(5) /x/gc-core/src/trace.rs
2 10
fl=(6) strcmp.S
fn=(4) strcmp
1 999
";

    #[test]
    fn lines_count_for_what_they_belong_to_and_calls_not_at_all() {
        let costs = read(PROFILE);
        let expected = [(Stage::Work, 18), (Stage::Births, 30), (Stage::Judging, 52)];
        assert_eq!(costs, BTreeMap::from(expected));
        let shares = shares(&costs);
        assert_eq!(shares[0], (Stage::Judging, 0.52));
        assert_eq!(words(&shares), "judging 52 %, births and handles 30 %, the work itself 18 %");
    }

    #[test]
    fn functions_of_the_heap_are_known_by_their_modules() {
        let of = Stage::of_function;
        assert_eq!(of("gc_core::sweep::sweep"), Some(Stage::Sweeping));
        assert_eq!(of("gc_core::reclaim::notice_loss"), Some(Stage::Suspects));
        assert_eq!(of("gc_core::reclaim::end_all"), Some(Stage::Deaths));
        assert_eq!(of("gc_core::reclaim::end_or_notice_loss"), Some(Stage::Deaths));
        assert_eq!(of("gc_core::store::Store::take_slowly"), Some(Stage::Births));
        assert_eq!(of("gc_core::page::PageRef::mark_suspect"), Some(Stage::Suspects));
        assert_eq!(of("core::ptr::drop_in_place<x::Kin>"), Some(Stage::Drops));
        assert_eq!(of("_int_malloc"), Some(Stage::Allocator));
        assert_eq!(of("_dl_relocate_object"), None);
    }
}
