//! The prompt: reads what is typed, until it is whole, and answers.

use std::io;

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use crate::args::Pointer;
use crate::scheme::{self, Stop};

/// Talks until there is nothing more to read, or `(exit)`. Gives the exit code.
pub(crate) fn talk(over: Pointer) -> u8 {
    let mut editor = match DefaultEditor::new() {
        Ok(editor) => editor,
        Err(error) => {
            eprintln!("scheme: there is no prompt here: {error}");
            return 1;
        }
    };
    let mut interpreter = scheme::over(over, Box::new(io::stdout()), vec!["prompt".into()]);
    let mut typed = String::new();
    loop {
        let line = match editor.readline(if typed.is_empty() { "> " } else { "  " }) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => {
                typed.clear();
                continue;
            }
            Err(ReadlineError::Eof) => return 0,
            Err(error) => {
                eprintln!("scheme: {error}");
                return 1;
            }
        };
        typed.push_str(&line);
        typed.push('\n');
        match interpreter.answer(&typed) {
            Err(Stop::Incomplete(_)) => continue,
            Err(Stop::Exit(code)) => return code,
            Err(Stop::Error(words)) => println!("{words}"),
            Ok(answers) => answers.iter().for_each(|answer| println!("{answer}")),
        }
        // That it cannot be recalled is no reason to stop.
        let _ = editor.add_history_entry(typed.trim_end());
        typed.clear();
    }
}
