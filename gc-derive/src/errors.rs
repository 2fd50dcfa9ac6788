//! Where errors gather: all mistakes of an item are shown at once, each at its own tokens.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far in one item.
///
/// Whoever makes a collector must call [`finish`](Errors::finish): one that is dropped unread would
/// turn mistakes into a successful expansion, so that is a panic.
pub(crate) struct Errors(Option<Vec<syn::Error>>);

impl Errors {
    pub(crate) fn new() -> Self {
        Self(Some(Vec::new()))
    }

    /// Notes a mistake at these tokens. The message ends with what to do.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a mistake that already knows its place.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.get_or_insert_default().push(error);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.as_ref().map_or(0, Vec::len)
    }

    /// `Ok` if there were none.
    pub(crate) fn finish(mut self) -> Result<(), Mistakes> {
        match self.0.take() {
            Some(found) if !found.is_empty() => Err(Mistakes(found)),
            _ => Ok(()),
        }
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if self.0.is_some() && !std::thread::panicking() {
            panic!("errors of a derive were collected and never read");
        }
    }
}

/// At least one error, in the order in which they were found.
pub(crate) struct Mistakes(Vec<syn::Error>);

impl ToTokens for Mistakes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().map(syn::Error::to_compile_error));
    }
}

#[cfg(test)]
impl IntoIterator for Mistakes {
    type Item = syn::Error;
    type IntoIter = std::vec::IntoIter<syn::Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Errors;

    #[test]
    #[should_panic(expected = "never read")]
    fn a_collector_dropped_unread_panics() {
        drop(Errors::new());
    }

    #[test]
    fn no_mistake_is_ok() {
        assert!(Errors::new().finish().is_ok());
    }
}
