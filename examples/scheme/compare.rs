//! What a program costs over either pointer: each run is a process of its own, so that each peak of memory
//! is the program's.

use std::env;
use std::fmt::Write;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::args::{Pointer, Program};

/// How often each is run. The least counts, since whatever else the machine does can only add.
const ROUNDS: usize = 5;

/// What one run took.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Figures {
    microseconds: u64,
    /// None where the system does not tell.
    peak_kib: Option<u64>,
    objects_left: u64,
}

/// Tells of this process, as the last line on standard error.
pub(crate) fn tell(time: Duration, objects_left: usize) {
    let peak = peak_kib().map_or_else(|| "unknown".to_owned(), |peak| peak.to_string());
    eprintln!("figures: {} us, peak {peak} KiB, {objects_left} objects left", time.as_micros());
}

fn read(line: &str) -> Option<Figures> {
    let mut parts = line.strip_prefix("figures: ")?.split(", ");
    Some(Figures {
        microseconds: parts.next()?.strip_suffix(" us")?.parse().ok()?,
        peak_kib: parts.next()?.strip_prefix("peak ")?.strip_suffix(" KiB")?.parse().ok(),
        objects_left: parts.next()?.strip_suffix(" objects left")?.parse().ok()?,
    })
}

/// The most memory that this process has had at once.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Runs the program over both pointers, in turns, and tells the ratios.
pub(crate) fn compare(program: &Program) -> Result<String, String> {
    let mut best: [Option<Figures>; 2] = [None; 2];
    for _ in 0..ROUNDS {
        for (pointer, best) in Pointer::ALL.into_iter().zip(&mut best) {
            let new = run(program, pointer)?;
            let old = best.unwrap_or(new);
            *best = Some(Figures {
                microseconds: old.microseconds.min(new.microseconds),
                peak_kib: old.peak_kib.min(new.peak_kib),
                objects_left: new.objects_left,
            });
        }
    }
    let [Some(gc), Some(rc)] = best else { unreachable!("each was run") };
    Ok(table(gc, rc))
}

fn run(program: &Program, over: Pointer) -> Result<Figures, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(own);
    command.args(["--figures", "--over", over.name()]).arg(&program.file).args(&program.arguments);
    let output = command.stdout(Stdio::null()).output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stderr);
    let figures = told.lines().find_map(read);
    match figures {
        Some(figures) if output.status.success() => Ok(figures),
        _ => Err(format!("over {}: {}, {}", over.name(), output.status, told.trim_end())),
    }
}

fn table(gc: Figures, rc: Figures) -> String {
    let mut table = String::new();
    let mut line = |what: &str, gc: f64, rc: f64, unit: &str| {
        let ratio = if rc > 0.0 { format!("{:.2}", gc / rc) } else { String::from("-") };
        let written = writeln!(table, "{what:<14}{gc:>12.1}{rc:>12.1} {unit:<4}{ratio:>8}");
        written.expect("a string takes all");
    };
    line("time", gc.microseconds as f64 / 1000.0, rc.microseconds as f64 / 1000.0, "ms");
    if let (Some(gc), Some(rc)) = (gc.peak_kib, rc.peak_kib) {
        line("peak memory", gc as f64 / 1024.0, rc as f64 / 1024.0, "MiB");
    }
    let head = format!("{:<14}{:>12}{:>12}     {:>8}\n", "", "Gc", "Rc", "Gc / Rc");
    let left = format!("{:<14}{:>12}{:>12}\n", "objects left", gc.objects_left, rc.objects_left);
    head + &table + &left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_they_are_told() {
        let figures = Figures { microseconds: 1500, peak_kib: Some(2048), objects_left: 7 };
        assert_eq!(read("figures: 1500 us, peak 2048 KiB, 7 objects left"), Some(figures));
        let without = Figures { peak_kib: None, ..figures };
        assert_eq!(read("figures: 1500 us, peak unknown KiB, 7 objects left"), Some(without));
        assert_eq!(read("scheme: a.scm:1:1: no"), None);
    }

    #[test]
    fn the_table_tells_ratios() {
        let gc = Figures { microseconds: 1500, peak_kib: Some(2048), objects_left: 0 };
        let rc = Figures { microseconds: 1000, peak_kib: Some(8192), objects_left: 7 };
        let lines: Vec<String> = table(gc, rc).lines().map(str::to_owned).collect();
        assert_eq!(lines[1], "time                   1.5         1.0 ms      1.50");
        assert_eq!(lines[2], "peak memory            2.0         8.0 MiB     0.25");
        assert_eq!(lines[3], "objects left             0           7");
    }
}
