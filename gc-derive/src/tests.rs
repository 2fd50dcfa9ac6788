//! Compares what the derive writes with files, so that a change of the output is read in review.
//!
//! `tests/expand` holds a type of each kind and, beside it, its expansion, and `tests/deep_clone` the same
//! for the other derive; `tests/refuse` holds types with mistakes and, beside them, each error with its
//! place. `BLESS=1 cargo test` writes the files anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::DeriveInput;
use syn::parse::{ParseStream, Parser};

use crate::{check, deep_clone, derive, errors::Errors, model};

#[test]
fn expansions_are_as_in_the_files() {
    compare("expand", "expanded.rs", |item| printed(&derive(item)));
}

#[test]
fn deep_clones_are_as_in_the_files() {
    compare("deep_clone", "expanded.rs", |item| printed(&deep_clone::derive(item)));
}

fn printed(expanded: &TokenStream) -> String {
    let file = syn::parse2(expanded.clone());
    let file = file.unwrap_or_else(|error| panic!("{error} in:\n{expanded}"));
    prettyplease::unparse(&file)
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

/// `examples/derived_expanded.rs` is `examples/derived.rs` with each derive replaced by its output; but
/// for comments and imports, which differ. (Where this package stands alone, they are not there.)
#[test]
fn the_expanded_example_is_what_the_derive_writes() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let read = |name| Some(syn::parse_file(&fs::read_to_string(examples.join(name)).ok()?));
    let (Some(source), Some(expanded)) = (read("derived.rs"), read("derived_expanded.rs")) else {
        return;
    };
    let print = |tokens: TokenStream| {
        let mut file: syn::File = syn::parse2(tokens).expect("items with attributes left out");
        file.items.retain(|item| !matches!(item, syn::Item::Use(_)));
        prettyplease::unparse(&file)
    };
    let output = source.expect("parses").items.into_iter().map(|item| {
        let tokens = item.to_token_stream();
        let has_derive = tokens.to_string().contains("[derive (Trace)]");
        let impls = has_derive.then(|| derive(syn::parse2(tokens.clone()).expect("a type")));
        let mut item = without_attributes(tokens);
        item.extend(impls);
        item
    });
    let output = print(output.collect());
    let expanded = expanded.expect("parses").items.into_iter().map(|item| item.to_token_stream());
    assert!(print(expanded.collect()) == output, "derived_expanded.rs should have:\n{output}");
}

/// Leaves out `#[derive(Trace)]` and `#[trace(..)]`.
fn without_attributes(tokens: TokenStream) -> TokenStream {
    let mut left = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            left.push(token);
            continue;
        };
        let text = group.stream().to_string();
        if text.starts_with("trace (") || text == "derive (Trace)" {
            left.pop(); // the `#`
        } else {
            let inside = without_attributes(group.stream());
            left.push(TokenTree::Group(Group::new(group.delimiter(), inside)));
        }
    }
    left.into_iter().collect()
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
