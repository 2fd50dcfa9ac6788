//! The progress bar: shown to a person, never written to a file or a pipe.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for work of `length` steps, or a silent one if nobody is watching.
///
/// The bar is drawn on standard error, and the report goes to standard output; both must be the
/// terminal, or the two would not share one screen.
pub(crate) fn bar(length: usize, work: &'static str) -> ProgressBar {
    if !(io::stdout().is_terminal() && io::stderr().is_terminal()) {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:>8} [{bar:40}] {percent:>3} %  {eta}")
        .expect("the template is well formed")
        .progress_chars("=> ");
    ProgressBar::new(length as u64).with_style(style).with_message(work)
}
