//! Compares what the derive writes with files, so that a change of the output is read in review.
//!
//! `tests/expand` holds a type of each kind and, beside it, its expansion; `tests/refuse` holds types
//! with mistakes and, beside them, each error with its place. `BLESS=1 cargo test` writes the
//! files anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use syn::DeriveInput;
use syn::parse::{ParseStream, Parser};

use crate::{check, derive, errors::Errors, model};

#[test]
fn expansions_are_as_in_the_files() {
    compare("expand", "expanded.rs", |item| {
        let expanded = derive(item);
        let file = syn::parse2(expanded.clone());
        let file = file.unwrap_or_else(|error| panic!("{error} in:\n{expanded}"));
        prettyplease::unparse(&file)
    });
}

#[test]
fn refusals_are_as_in_the_files() {
    compare("refuse", "errors.txt", |item| {
        let name = item.ident.to_string();
        let mut errors = Errors::new();
        check::check(&model::read(item, &mut errors), &mut errors);
        let Err(mistakes) = errors.finish() else { return format!("{name}\n  is accepted\n") };
        let lines = mistakes.into_iter().map(|error| {
            let (at, place) = (error.span().start(), error.span().source_text());
            format!(
                "  {}:{} `{}`\n    {error}\n",
                at.line,
                at.column + 1,
                place.unwrap_or_default()
            )
        });
        format!("{name}\n{}", lines.collect::<String>())
    });
}

/// What becomes of the items in each `tests/<folder>/<name>.rs` is in `<name>.<ending>`.
fn compare(folder: &str, ending: &str, outcome: impl Fn(DeriveInput) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let mut inputs: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    inputs
        .retain(|path| path.extension().is_some_and(|it| it == "rs") && !has_ending(path, ending));
    inputs.sort();
    assert!(!inputs.is_empty(), "no types in {}", folder.display());

    let mut different = Vec::new();
    for input in inputs {
        let source = fs::read_to_string(&input).expect("readable");
        let items = items.parse_str(&source);
        let items = items.unwrap_or_else(|error| panic!("{}: {error}", input.display()));
        let output: Vec<String> = items.into_iter().map(&outcome).collect();
        let output = output.join("\n");
        let expected = input.with_extension(ending);
        if env::var_os("BLESS").is_some() {
            fs::write(&expected, output).expect("writable");
        } else if fs::read_to_string(&expected).ok().as_ref() != Some(&output) {
            different.push(format!("{} should be:\n{output}", expected.display()));
        }
    }
    assert!(different.is_empty(), "{}\nBLESS=1 writes the files", different.join("\n"));
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.to_string_lossy().ends_with(&format!(".{ending}"))
}

fn items(input: ParseStream<'_>) -> syn::Result<Vec<DeriveInput>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(input.parse()?);
    }
    Ok(items)
}
