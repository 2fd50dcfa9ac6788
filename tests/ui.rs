//! What must not compile: one rule a file, in a folder for each topic. `ui/soundness` is the conformance
//! case ERR-04, with all else that soundness leaves to the compiler.
//!
//! The messages are compared with the `.stderr` beside each case, on the compiler that they were taken
//! from: `ui/RUSTC` names its version. On any other one, whose words may differ, each case has to be
//! refused, and the first line has to be the same. After a change, take the messages anew with `TRYBUILD=overwrite` and read
//! them as what a user gets; for another version, change `ui/RUSTC` first.

use std::path::{Path, PathBuf};
use std::process::Command;

use trybuild::TestCases;

/// The folders of `ui` whose cases are run.
const TOPICS: [&str; 12] = [
    "soundness",
    "fields",
    "attributes",
    "shapes",
    "ownership",
    "generics",
    "handles",
    "weak_containers",
    "holes",
    "std",
    "closures",
    "deep_clone",
];

/// The version of the compiler that builds the cases, such as "1.95.0".
fn version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("the compiler can be run");
    let text = String::from_utf8(output.stdout).expect("a version is plain text");
    text.split_whitespace().nth(1).expect("it follows the name").to_owned()
}

/// Copies of the cases without their messages: these have only to be refused.
fn without_messages(topics: &[PathBuf]) -> Vec<PathBuf> {
    let bare = bare_copies();
    // What an earlier run left may be of cases that are no more.
    if bare.exists() {
        std::fs::remove_dir_all(&bare).expect("the folder is ours");
    }
    let copy = |topic: &PathBuf| {
        let to = bare.join(topic.file_name().expect("a topic has a name"));
        std::fs::create_dir_all(&to).expect("the target folder can be written to");
        for case in entries(topic).filter(|case| case.extension().is_some_and(|end| end == "rs")) {
            let name = case.file_name().expect("a file has a name");
            std::fs::copy(&case, to.join(name)).expect("the target folder can be written to");
        }
        to
    };
    topics.iter().map(copy).collect()
}

/// Another compiler explains a refusal in other words, but it refuses for the same reason: its first line
/// is the one that was taken down.
fn compare_first_lines(topics: &[PathBuf]) {
    let first_line = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("each case has its message");
        without_folder(text.lines().next().expect("a message has a line"))
    };
    for topic in topics {
        let bare = bare_copies().join(topic.file_name().expect("a topic has a name"));
        for message in
            entries(topic).filter(|entry| entry.extension().is_some_and(|end| end == "stderr"))
        {
            let here = bare.join(message.file_name().expect("a file has a name"));
            assert_eq!(first_line(&here), first_line(&message), "{}", message.display());
        }
    }
}

/// Types without a name, such as closures, are named by their place: all but the file's name goes.
fn without_folder(line: &str) -> String {
    let Some((before, after)) = line.split_once('@') else { return line.to_owned() };
    let path_ends = after.find(".rs").unwrap_or(after.len());
    let name_starts = after[..path_ends].rfind('/').map_or(0, |slash| slash + 1);
    format!("{before}@{}", &after[name_starts..])
}

/// Where copies of the cases go.
fn bare_copies() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui-without-messages")
}

/// What a folder has in it.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    entries.map(|entry| entry.expect("and all that is in it").path())
}

/// Runs this test again, with the copies' own messages written beside them instead of missed.
fn overwriting() -> bool {
    let binary = std::env::current_exe().expect("a test knows its binary");
    let status = Command::new(binary).env("TRYBUILD", "overwrite").status();
    status.expect("the test can be started again").success()
}

#[test]
fn what_breaks_a_rule_does_not_compile() {
    // Relative to the package, where tests run: the messages name the cases so.
    let mut topics = TOPICS.map(|topic| Path::new("ui").join(topic)).to_vec();
    let blessed = std::fs::read_to_string("ui/RUSTC").expect("it names a version");
    if version() != blessed.trim() {
        if std::env::var_os("TRYBUILD").is_none_or(|mode| mode != "overwrite") {
            assert!(overwriting(), "a case compiles");
            return compare_first_lines(&topics);
        }
        topics = without_messages(&topics);
    }
    let tests = TestCases::new();
    tests.pass("ui/control.rs");
    for topic in topics {
        tests.compile_fail(topic.join("*.rs"));
    }
}
