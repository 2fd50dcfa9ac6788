//! The derive macro of `gc-core`, which re-exports it: depend on that crate, not on this one.
#![doc = include_str!("attributes.md")]
#![forbid(unsafe_code)]

use proc_macro2::TokenStream;
use syn::DeriveInput;

// Each step reads only what the one before made.
mod attrs;
mod model;
mod check;
mod expand;
mod fallback;

// The other derive.
mod deep_clone;

// What the steps know.
mod options;
mod bounds;
mod occurrences;
mod field_type;
mod errors;

#[cfg(test)]
mod tests;

/// Writes the `Trace` impl with which values of a type can live in a `Gc` heap.
#[doc = include_str!("attributes.md")]
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(syn::parse_macro_input!(input as DeriveInput)).into()
}

/// Writes the `DeepClone` impl with which `Gc::deep_clone` clones objects of a type. See the trait.
///
/// Each field goes on to its own `DeepClone`; with `#[deep_clone(clone)]` above it, a field is cloned by
/// its `Clone` instead, and a handle in it leads to the same object in the clone. Each type parameter is
/// bounded by `DeepClone`.
#[proc_macro_derive(DeepClone, attributes(deep_clone))]
pub fn derive_deep_clone(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    deep_clone::derive(syn::parse_macro_input!(input as DeriveInput)).into()
}

fn derive(input: DeriveInput) -> TokenStream {
    let mut errors = errors::Errors::new();
    let model = model::read(input, &mut errors);
    check::check(&model, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&model),
        Err(mistakes) => fallback::expand(&model, &mistakes),
    }
}
