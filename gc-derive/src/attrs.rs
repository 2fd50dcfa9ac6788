//! Step 1: reads `#[trace(..)]`. What comes out is known, in its place, there once and well-formed;
//! whether options agree with each other is for `check`.
//!
//! After a mistake the reader goes on as if the likely word had been written, so that a misspelt
//! `leaf` is not followed by complaints about the fields of a leaf.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, ExprPath, LitStr, Meta, Path, Token, WherePredicate};

use crate::errors::Errors;
use crate::options::{Place, Word};

/// The options of a type. An identifier is the option's own token, kept for errors about it.
pub(crate) struct TypeAttrs {
    pub(crate) leaf: Option<Ident>,
    pub(crate) finalize: Option<Ident>,
    pub(crate) unsafe_drop: Option<Ident>,
    /// `bound`, and the predicates that replace the inferred ones.
    pub(crate) bound: Option<(Ident, Vec<WherePredicate>)>,
    /// `crate`, or what it is by default.
    pub(crate) gc_core: Path,
}

/// The options of a field.
pub(crate) struct FieldAttrs {
    pub(crate) skip: Option<Ident>,
    /// `unsafe_with`, and the function.
    pub(crate) unsafe_with: Option<(Ident, ExprPath)>,
}

pub(crate) fn of_type(attrs: &[Attribute], errors: &mut Errors) -> TypeAttrs {
    let mut given = read(attrs, Place::Type, errors);
    let predicates = Punctuated::<WherePredicate, Token![,]>::parse_terminated;
    TypeAttrs {
        leaf: given.take(Word::Leaf),
        finalize: given.take(Word::Finalize),
        unsafe_drop: given.take(Word::UnsafeDrop),
        bound: given
            .take_value(Word::Bound, predicates, errors)
            .map(|(name, predicates)| (name, predicates.into_iter().collect())),
        gc_core: given
            .take_value(Word::Crate, Path::parse_mod_style, errors)
            .map_or_else(|| syn::parse_quote!(::gc_core), |(_, path)| path),
    }
}

/// A variant has one option: `skip`.
pub(crate) fn of_variant(attrs: &[Attribute], errors: &mut Errors) -> Option<Ident> {
    read(attrs, Place::Variant, errors).take(Word::Skip)
}

pub(crate) fn of_field(attrs: &[Attribute], errors: &mut Errors) -> FieldAttrs {
    let mut given = read(attrs, Place::Field, errors);
    FieldAttrs {
        skip: given.take(Word::Skip),
        unsafe_with: given.take_value(Word::UnsafeWith, syn::parse::Parse::parse, errors),
    }
}

/// A generic parameter has none: whatever stands there is a mistake.
pub(crate) fn of_parameter(attrs: &[Attribute], errors: &mut Errors) {
    read(attrs, Place::Parameter, errors);
}

/// One option as it was written. There is a value exactly if its word takes one.
struct Given {
    word: Word,
    name: Ident,
    value: Option<LitStr>,
}

/// The options at one place, each word at most once.
struct Options(Vec<Given>);

impl Options {
    fn has(&self, word: Word) -> bool {
        self.0.iter().any(|given| given.word == word)
    }

    fn remove(&mut self, word: Word) -> Option<Given> {
        let at = self.0.iter().position(|given| given.word == word)?;
        Some(self.0.swap_remove(at))
    }

    fn take(&mut self, word: Word) -> Option<Ident> {
        self.remove(word).map(|given| given.name)
    }

    fn take_value<P: Parser>(
        &mut self,
        word: Word,
        parser: P,
        errors: &mut Errors,
    ) -> Option<(Ident, P::Output)> {
        let given = self.remove(word)?;
        match given.value?.parse_with(parser) {
            Ok(value) => Some((given.name, value)),
            Err(error) => {
                let message = format!("{error}; write it like `{}`", word.usage());
                errors.push(syn::Error::new(error.span(), message));
                None
            }
        }
    }
}

fn read(attrs: &[Attribute], place: Place, errors: &mut Errors) -> Options {
    let mut options = Options(Vec::new());
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("trace")) {
        match &attr.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                for entry in entries(list.tokens.clone(), place, errors) {
                    options.0.extend(recognize(entry, place, &options, errors));
                }
            }
            Meta::NameValue(_) => {
                errors.at(attr, format!("options stand in parentheses: {}", place.allowed()));
            }
            _ => errors.at(attr, format!("an empty `#[trace]` says nothing: {}", place.allowed())),
        }
    }
    options
}

/// What stands between two commas: a name, and what follows it.
struct Entry {
    name: Ident,
    rest: TokenStream,
}

fn entries(tokens: TokenStream, place: Place, errors: &mut Errors) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(first) = tokens.next() {
        let is_comma =
            |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
        if is_comma(&first) {
            errors.at(first, "an option is missing before this comma; remove one of the two");
            continue;
        }
        let rest = std::iter::from_fn(|| tokens.next_if(|token| !is_comma(token))).collect();
        tokens.next(); // the comma
        match first {
            TokenTree::Ident(name) => entries.push(Entry { name, rest }),
            other => {
                errors.at(other, format!("an option starts with its name: {}", place.allowed()))
            }
        }
    }
    entries
}

/// Turns an entry into the option that it is, or that it was meant to be.
fn recognize(entry: Entry, place: Place, before: &Options, errors: &mut Errors) -> Option<Given> {
    let Entry { name, rest } = entry;
    let said = name.to_string();
    let Some(word) = Word::named(&said) else {
        let word = Word::nearest(&said, place);
        errors.at(&name, unknown(&said, word, place));
        return meant(word?, name, rest, place, before);
    };
    if !word.belongs_on(place) {
        errors.at(&name, misplaced(word, place));
        return meant(word.counterpart(place)?, name, rest, place, before);
    }
    if before.has(word) {
        errors.at(&name, format!("`{said}` is already given; remove this one"));
        return None;
    }
    let value = match (word.example_value(), rest.is_empty()) {
        (None, true) => None,
        (None, false) => {
            errors.at(&rest, without_value(&said, rest.clone()));
            None
        }
        (Some(_), true) => {
            errors.at(name, format!("`{said}` needs a value; write `{}`", word.usage()));
            return None;
        }
        (Some(_), false) => match string(rest.clone()) {
            Some(value) => Some(value),
            None => {
                errors.at(rest, format!("`{said}` needs a string; write `{}`", word.usage()));
                return None;
            }
        },
    };
    Some(Given { word, name, value })
}

/// The option to go on with after a mistake in its name, if it makes sense here.
fn meant(
    word: Word,
    name: Ident,
    rest: TokenStream,
    place: Place,
    before: &Options,
) -> Option<Given> {
    let value = word.example_value().and_then(|_| string(rest));
    let whole = word.example_value().is_some() == value.is_some();
    (word.belongs_on(place) && whole && !before.has(word)).then_some(Given { word, name, value })
}

/// The `".."` of `= ".."`.
fn string(rest: TokenStream) -> Option<LitStr> {
    let parser = |input: syn::parse::ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        input.parse::<LitStr>()
    };
    parser.parse2(rest).ok()
}

/// For a word that stands alone, with this after it.
fn without_value(said: &str, rest: TokenStream) -> String {
    match rest.into_iter().next() {
        Some(TokenTree::Ident(next)) => format!("put a comma between `{said}` and `{next}`"),
        _ => format!("`{said}` stands alone; write `#[trace({said})]`"),
    }
}

fn unknown(said: &str, nearest: Option<Word>, place: Place) -> String {
    let allowed = place.allowed();
    match nearest {
        Some(word) if word.belongs_on(place) => {
            format!("unknown option `{said}`; did you mean `{}`? ({allowed})", word.name())
        }
        Some(word) => {
            let (name, home) = (word.name(), word.home());
            format!("unknown option `{said}`; `{name}` belongs on {home}, and {allowed}")
        }
        None => format!("unknown option `{said}`: {allowed}"),
    }
}

fn misplaced(word: Word, place: Place) -> String {
    let (name, home, here) = (word.name(), word.home(), place.name());
    match word.counterpart(place) {
        Some(other) => {
            let other = other.name();
            format!("`{name}` belongs on {home}; on {here}, write `#[trace({other})]`")
        }
        None => format!("`{name}` belongs on {home}; {}", place.allowed()),
    }
}
