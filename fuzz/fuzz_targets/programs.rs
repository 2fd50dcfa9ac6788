//! The programs of `tests/model.rs`, from the fuzzer's bytes: any bytes are one. For a difference it
//! prints a small program, ready to be pasted into `tests/model/regressions.rs`.
//!
//! ```text
//! RUSTC_BOOTSTRAP=1 cargo fuzz run programs -- -max_len=2000
//! ```

#![no_main]

#[allow(dead_code, reason = "programs come from the fuzzer here, not from a seed")]
#[path = "../../tests/support/program/mod.rs"]
mod program;

use libfuzzer_sys::fuzz_target;
use program::{Program, run, shrink::shrink};

fuzz_target!(|bytes: &[u8]| {
    let program = Program::of_fuzzer(bytes);
    if let Err(difference) = run(&program) {
        let small = shrink(&program, &difference.kind());
        panic!("step {}: {}\n{small}", difference.step, difference.what);
    }
});
