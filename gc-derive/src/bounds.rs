//! Which bounds the impls carry. The rule is serde's: each type parameter that occurs in a traced
//! field is bounded, rather than each field's type, since `Vec<Tree<T>>: Trace` as a condition of
//! `Tree<T>: Trace` would have the compiler run in circles.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Generics, Path, Type, TypeParamBound, WherePredicate, parse_quote};

use crate::field_type;
use crate::model::{Model, Visit};
use crate::occurrences::{Asks, Occurrences};

/// The generics of `impl Trace`.
///
/// `Trace` has the supertrait `'static`, so a parameter that gets no other bound is `'static`: one
/// in a skipped field, in `PhantomData<T>` or in `fn(T)`, and each one with `bound = ".."`.
pub(crate) fn for_trace(model: &Model) -> Generics {
    match &model.attrs.bound {
        Some((_, predicates)) => with(for_leaf(model), predicates.iter().cloned()),
        None if model.attrs.leaf.is_some() => for_leaf(model),
        None => inferred(model),
    }
}

/// The generics of an impl that asks nothing but `'static`.
pub(crate) fn for_leaf(model: &Model) -> Generics {
    let params = model.generics.type_params().map(|param| &param.ident);
    with(model.generics.clone(), params.map(|param| parse_quote!(#param: 'static)))
}

/// The generics of the impl that stands in after an error. Only there may a lifetime be left.
pub(crate) fn for_fallback(model: &Model) -> Generics {
    let lifetimes = model.generics.lifetimes().map(|param| &param.lifetime);
    with(for_leaf(model), lifetimes.map(|lifetime| parse_quote!(#lifetime: 'static)))
}

fn inferred(model: &Model) -> Generics {
    let gc_core = &model.attrs.gc_core;
    let found = Occurrences::in_traced_fields(model);
    let params = model.generics.type_params().map(|param| {
        let name = &param.ident;
        match found.asked_of(name) {
            [] => parse_quote!(#name: 'static),
            asked => {
                let bounds = asked.iter().map(|asks| bound(*asks, gc_core));
                parse_quote!(#name: #(#bounds)+*)
            }
        }
    });
    let projections = found.projections.iter().map(|(path, asks)| {
        let bound = bound(*asks, gc_core);
        parse_quote!(#path: #bound)
    });
    with(model.generics.clone(), params.chain(projections))
}

fn bound(asks: Asks, gc_core: &Path) -> TokenStream {
    match asks {
        Asks::Trace => quote!(#gc_core::Trace),
        Asks::GcFree => quote!(#gc_core::GcFree),
    }
}

fn with(mut generics: Generics, predicates: impl Iterator<Item = WherePredicate>) -> Generics {
    generics.make_where_clause().predicates.extend(predicates);
    generics
}

/// Whether the last field of a struct is traced and has no size, or none for some arguments. Such a
/// field cannot be asked `may_hold_gc`.
pub(crate) fn has_unsized_tail(model: &Model) -> bool {
    model.tail().is_some_and(|tail| {
        matches!(tail.visit, Visit::Trace)
            && (field_type::is_unsized(&tail.ty) || has_dependent_tail(model))
    })
}

/// Whether the last field of a struct names a parameter that may be unsized: `T`, but also
/// `RefCell<T>`. A macro cannot tell the latter from `Box<T>`, which has a size.
pub(crate) fn has_dependent_tail(model: &Model) -> bool {
    let maybe_unsized = |name: &Ident| may_be_unsized(&model.generics, name);
    model.tail().is_some_and(|tail| field_type::mentions(&tail.ty, &maybe_unsized))
}

/// Whether `?Sized` is said of this parameter, in its declaration or in the where clause.
fn may_be_unsized(generics: &Generics, name: &Ident) -> bool {
    let says_so = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => bound.maybe.is_some(),
        _ => false,
    };
    let mut clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    generics
        .type_params()
        .any(|param| field_type::same(&param.ident, name) && param.bounds.iter().any(says_so))
        || clause.any(|predicate| match predicate {
            WherePredicate::Type(of) => {
                let it = match &of.bounded_ty {
                    Type::Path(it) => it.path.get_ident(),
                    _ => None,
                };
                it.is_some_and(|it| field_type::same(it, name)) && of.bounds.iter().any(says_so)
            }
            _ => false,
        })
}
