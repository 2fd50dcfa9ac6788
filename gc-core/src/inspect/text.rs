//! Text as JSON has it.

use std::io::{self, Write};

/// Writes a string of JSON, with its quotes.
pub(crate) fn write_string(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c.is_control()) {
        let (plain, special) = rest.split_at(at);
        out.write_all(plain.as_bytes())?;
        let char = special.chars().next().unwrap_or_default();
        match char {
            '"' | '\\' => write!(out, "\\{char}")?,
            control => write!(out, "\\u{:04x}", u32::from(control))?,
        }
        rest = &special[char.len_utf8()..];
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\"")
}
