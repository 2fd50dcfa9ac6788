//! How much memory this process has, where the system tells it (Linux does).

/// Bytes that are in memory now.
pub(crate) fn resident() -> Option<usize> {
    status("VmRSS:")
}

/// The same without the program's own text, which comes in piece by piece as it is first used.
pub(crate) fn allocated() -> Option<usize> {
    status("RssAnon:")
}

/// The most that were at any time.
pub(crate) fn peak() -> Option<usize> {
    status("VmHWM:")
}

fn status(field: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}
