//! Step 4: writes the impls for a type that passed all checks. For
//!
//! ```text
//! #[derive(Trace)]
//! #[trace(finalize)]
//! enum Shape<T> { Group(Vec<T>), Dot { #[trace(skip)] at: Point, owner: Slot<Shape<T>> }, Empty }
//! ```
//!
//! it writes what the comments below show, one piece after the other. All paths are absolute and
//! go through `::gc_core` or `::core`, so nothing that the user's scope shadows can get between.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Generics, Member};

use crate::bounds;
use crate::field_type::mentions;
use crate::model::{Field, Model, Variant, Visit};

pub(crate) fn expand(model: &Model) -> TokenStream {
    let trace = trace_impl(model);
    let promise = promise_impl(model);
    quote!(#trace #promise)
}

/// ```text
/// #[automatically_derived]
/// unsafe impl<T> ::gc_core::Trace for Shape<T> where T: ::gc_core::Trace { .. }
/// ```
fn trace_impl(model: &Model) -> TokenStream {
    let Model { name, attrs, .. } = model;
    let gc_core = &attrs.gc_core;
    let lints = lints(model);
    let generics = bounds::for_trace(model);
    let (params, _, bounds) = generics.split_for_impl();
    let (_, args, _) = model.generics.split_for_impl();
    let methods =
        [trace(model), inspect(model), may_hold_gc(model), drops_nothing(model), finalizer(model)];
    // The quoted tokens, `unsafe` among them, have the span of the macro call. With one of the
    // user's spans, crates that forbid unsafe code could not derive.
    quote! {
        #[automatically_derived]
        #lints
        // SAFETY: `trace` visits each field once at most, so no handle is reported twice; `promise_impl` bars `Drop`.
        unsafe impl #params #gc_core::Trace for #name #args #bounds {
            #(#methods)*
        }
    }
}

/// ```text
/// fn trace(&self, __tracer: &mut ::gc_core::Tracer<'_>) {
///     match self {
///         Self::Group { 0: __field0, .. } => { .. }
///         Self::Dot { owner: __field1, .. } => { .. }
///         Self::Empty { .. } => {}
///     }
/// }
/// ```
/// The names in patterns have underscores so that they meet no constant of the user's.
fn trace(model: &Model) -> TokenStream {
    let gc_core = &model.attrs.gc_core;
    if visits_nothing(model) {
        return quote! {
            #[inline]
            fn trace(&self, _: &mut #gc_core::Tracer<'_>) {}
        };
    }
    let arms = model
        .variants
        .iter()
        .map(|variant| arm(variant, &|field, binding| visit(model, field, binding)));
    quote! {
        #[inline]
        fn trace(&self, __tracer: &mut #gc_core::Tracer<'_>) {
            match self {
                #(#arms)*
            }
        }
    }
}

fn visits_nothing(model: &Model) -> bool {
    model.fields().all(|field| matches!(field.visit, Visit::Nothing))
}

/// ```text
/// fn inspect(&self, mut __inspector: ::gc_core::Inspector<'_>) {
///     match self {
///         Self::Group { 0: __field0, .. } => {
///             <Vec<T> as ::gc_core::Trace>::inspect(__field0, __inspector.field("Group.0"));
///         }
///         ..
///     }
/// }
/// ```
/// Not inlined, and no more than a name and two calls for each field: it is in every program, and runs
/// in few.
fn inspect(model: &Model) -> TokenStream {
    if visits_nothing(model) {
        return TokenStream::new();
    }
    let gc_core = &model.attrs.gc_core;
    let arms = model.variants.iter().map(|variant| {
        arm(variant, &|field, binding| {
            let name = shown_name(variant, field);
            let here = quote!(__inspector.field(#name));
            match &field.visit {
                Visit::Trace => {
                    let trace = as_trace(model, field);
                    Some(quote!(#trace::inspect(#binding, #here);))
                }
                Visit::With(function) => Some(quote! {
                    // SAFETY: the author of the type vouches for the function.
                    #here.unnamed(|__tracer| unsafe { #function(#binding, __tracer) });
                }),
                Visit::Nothing => None,
            }
        })
    });
    quote! {
        fn inspect(&self, mut __inspector: #gc_core::Inspector<'_>) {
            match self {
                #(#arms)*
            }
        }
    }
}

/// `owner`, `0`, `Dot.owner`: without the marks of raw identifiers.
fn shown_name(variant: &Variant, field: &Field) -> String {
    let member = match &field.member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    };
    match &variant.name {
        Some(name) => format!("{}.{member}", name.unraw()),
        None => member,
    }
}

/// `Self::Dot { owner: __field1, .. } => { <Slot<Shape<T>> as ::gc_core::Trace>::trace(..); }`
///
/// Patterns with braces fit all kinds of fields: `Pair { 0: a, 1: b }`, `Unit {}`. What is not
/// visited is not bound either, so it is never borrowed.
fn arm(variant: &Variant, visit: &dyn Fn(&Field, &Ident) -> Option<TokenStream>) -> TokenStream {
    let path = path(variant);
    let visited = bindings(variant).filter_map(|(field, binding)| {
        let visit = visit(field, &binding)?;
        let member = &field.member;
        Some((quote!(#member: #binding), visit))
    });
    let (patterns, visits): (Vec<_>, Vec<_>) = visited.unzip();
    quote! {
        #path { #(#patterns,)* .. } => { #(#visits)* }
    }
}

/// `Self::Dot`
fn path(variant: &Variant) -> TokenStream {
    match &variant.name {
        Some(name) => quote!(Self::#name),
        None => quote!(Self),
    }
}

/// The fields, each with the name that it has in patterns.
fn bindings(variant: &Variant) -> impl Iterator<Item = (&Field, Ident)> {
    let named = |(index, field): (usize, _)| {
        let field: &Field = field;
        (field, format_ident!("__field{index}", span = place_of(&field.ty)))
    };
    variant.fields.iter().enumerate().map(named)
}

/// What happens to one field, if anything.
fn visit(model: &Model, field: &Field, binding: &Ident) -> Option<TokenStream> {
    match &field.visit {
        Visit::Trace => {
            let trace = as_trace(model, field);
            Some(quote!(#trace::trace(#binding, __tracer);))
        }
        // SAFETY: the author of the type vouches for the function. (The block's span is the macro's.)
        Visit::With(function) => Some(quote!(unsafe { #function(#binding, __tracer) };)),
        Visit::Nothing => None,
    }
}

/// ```text
/// fn may_hold_gc(__depth: ::gc_core::Depth) -> ::core::primitive::bool {
///     match ::gc_core::Depth::deeper(__depth) {
///         ::core::option::Option::None => true,
///         ::core::option::Option::Some(__depth) => {
///             <Vec<T> as ::gc_core::Trace>::may_hold_gc(__depth)
///                 || <Slot<Shape<T>> as ::gc_core::Trace>::may_hold_gc(__depth)
///         }
///     }
/// }
/// ```
/// The answer is plain where no field is visited (it may not), and where one cannot be asked: one
/// with a function of its own, and one without a size (it may).
fn may_hold_gc(model: &Model) -> TokenStream {
    let gc_core = &model.attrs.gc_core;
    let signature = |depth| {
        quote! {
            #[inline]
            fn may_hold_gc(#depth: #gc_core::Depth) -> ::core::primitive::bool
        }
    };
    let has_function = model.fields().any(|field| matches!(field.visit, Visit::With(_)));
    let questions = questions(model);
    if has_function || bounds::has_unsized_tail(model) || questions.is_empty() {
        let signature = signature(quote!(_));
        let answer = !questions.is_empty() || has_function;
        return quote!(#signature { #answer });
    }
    let signature = signature(quote!(__depth));
    quote! {
        #signature {
            match #gc_core::Depth::deeper(__depth) {
                ::core::option::Option::None => true,
                ::core::option::Option::Some(__depth) => #(#questions)||*,
            }
        }
    }
}

/// ```text
/// fn drops_nothing(&mut self) -> ::core::primitive::bool {
///     match self {
///         Self::Group { 0: __field0, .. } => <Vec<T> as ::gc_core::Trace>::drops_nothing(__field0),
///         Self::Dot { owner: __field1, .. } => {
///             !::core::mem::needs_drop::<Point>()
///                 && <Slot<Shape<T>> as ::gc_core::Trace>::drops_nothing(__field1)
///         }
///         Self::Empty { .. } => true,
///     }
/// }
/// ```
/// Left out, for the answer that asks nothing, where there is no field to look at, and where the type may
/// have a `Drop`.
fn drops_nothing(model: &Model) -> TokenStream {
    if visits_nothing(model) || model.attrs.unsafe_drop.is_some() {
        return TokenStream::new();
    }
    let arms = model.variants.iter().map(|variant| {
        let mut answers = Vec::new();
        let mut patterns = Vec::new();
        for (field, binding) in bindings(variant) {
            let (ty, member) = (&field.ty, &field.member);
            if matches!(field.visit, Visit::Trace) {
                let trace = as_trace(model, field);
                patterns.push(quote!(#member: #binding));
                answers.push(quote!(#trace::drops_nothing(#binding)));
            } else {
                answers.push(quote!(!::core::mem::needs_drop::<#ty>()));
            }
        }
        let path = path(variant);
        let answer = if answers.is_empty() { quote!(true) } else { quote!(#(#answers)&&*) };
        quote!(#path { #(#patterns,)* .. } => #answer,)
    });
    quote! {
        #[inline]
        fn drops_nothing(&mut self) -> ::core::primitive::bool {
            match self {
                #(#arms)*
            }
        }
    }
}

/// One question for each type of a traced field; fields of one type would answer alike.
fn questions(model: &Model) -> Vec<TokenStream> {
    let mut asked = Vec::new();
    let fields = model.traced_fields().filter(|field| {
        let ty = field.ty.to_token_stream().to_string();
        let first = !asked.contains(&ty);
        asked.push(ty);
        first
    });
    let question = |field| {
        let trace = as_trace(model, field);
        quote!(#trace::may_hold_gc(__depth))
    };
    fields.map(question).collect()
}

/// `<Slot<Shape<T>> as ::gc_core::Trace>`, so written everywhere that a missing impl is found at the
/// field's type, and found once.
fn as_trace(model: &Model, field: &Field) -> TokenStream {
    let ty = &field.ty;
    let gc_core = &model.attrs.gc_core;
    quote_spanned!(place_of(ty)=> <#ty as #gc_core::Trace>)
}

/// ```text
/// fn finalizer() -> ::core::option::Option<::gc_core::Finalizer<Self>> {
///     ::core::option::Option::Some(::gc_core::Finalizer::new(
///         <Self as ::gc_core::Finalize>::finalize,
///     ))
/// }
/// ```
fn finalizer(model: &Model) -> TokenStream {
    let Some(option) = &model.attrs.finalize else { return TokenStream::new() };
    let gc_core = &model.attrs.gc_core;
    // A struct that may have no size has a finalizer for the arguments with which it has one.
    let sized =
        bounds::has_dependent_tail(model).then(|| quote!(where Self: ::core::marker::Sized));
    // If `Finalize` is missing, the error is at the option that asks for it.
    let finalize = quote_spanned!(place_of(option)=> <Self as #gc_core::Finalize>::finalize);
    quote! {
        #[inline]
        fn finalizer() -> ::core::option::Option<#gc_core::Finalizer<Self>> #sized {
            ::core::option::Option::Some(#gc_core::Finalizer::new(#finalize))
        }
    }
}

/// What the type promises besides: a traced one that it has no `Drop`, a leaf that it holds nothing.
///
/// ```text
/// #[automatically_derived]
/// impl<T> ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for Shape<T> {}
/// ```
/// The generics are those of the definition, as they would be in an `impl Drop`: with more bounds,
/// a `Drop` for the arguments that they exclude would slip through.
fn promise_impl(model: &Model) -> TokenStream {
    let Model { name, attrs, .. } = model;
    let gc_core = &attrs.gc_core;
    let lints = lints(model);
    let (_, args, _) = model.generics.split_for_impl();
    let (generics, promise) = match (&attrs.leaf, &attrs.unsafe_drop) {
        (Some(_), _) => (bounds::for_leaf(model), quote!(GcFree)),
        (None, Some(_)) => return TokenStream::new(),
        (None, None) => (model.generics.clone(), quote!(TracedTypesUseFinalizeInsteadOfDrop)),
    };
    let (params, _, bounds) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #lints
        impl #params #gc_core::#promise for #name #args #bounds {}
    }
}

/// ```text
/// #[allow(clippy::trait_duplication_in_bounds)]
/// #[allow(deprecated)]
/// ```
/// The first if the definition may have a bound that the impl adds; the second if the definition
/// says or allows that.
fn lints(model: &Model) -> TokenStream {
    let Generics { params, where_clause, .. } = &model.generics;
    let bounds_twice =
        mentions(quote!(#params #where_clause), &|it| it == "Trace" || it == "GcFree")
            .then(|| quote!(#[allow(clippy::trait_duplication_in_bounds)]));
    let allowed = &model.allowed;
    quote!(#bounds_twice #(#[allow(#allowed)])*)
}

/// Shown at these tokens, yet written by the macro.
fn place_of(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}
