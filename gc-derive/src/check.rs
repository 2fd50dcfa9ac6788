//! Step 3: refuses what cannot be traced, and options that contradict each other. Each message
//! names the reason and the way out.
//!
//! Where the trait system would refuse too, this comes first and in better words. It looks at syntax
//! only, so it refuses nothing whose name it does not know.

use quote::ToTokens;
use syn::{Ident, PathArguments, Type, TypeParamBound, TypeReference};

use crate::errors::Errors;
use crate::field_type::{is_unsized, last_segment, mentions, owned_parts, type_args};
use crate::model::{Field, Kind, Model, Variant, Visit};

pub(crate) fn check(model: &Model, errors: &mut Errors) {
    // After a mistake in an option, those read may be guesses, and would contradict as such.
    if errors.count() == 0 {
        check_options(model, errors);
    }
    check_kind(model, errors);
    let mut borrowed = Vec::new();
    for field in model.traced_fields() {
        check_field(field, &mut borrowed, errors);
    }
    check_lifetimes(model, &borrowed, errors);
}

fn check_options(model: &Model, errors: &mut Errors) {
    let attrs = &model.attrs;
    if attrs.leaf.is_some() {
        if let Some((bound, _)) = &attrs.bound {
            errors.at(bound, "with `leaf` the type has no bounds to replace; remove `bound`");
        }
        if let Some(unsafe_drop) = &attrs.unsafe_drop {
            errors.at(unsafe_drop, "`leaf` permits `Drop` already; remove `unsafe_drop`");
        }
    }
    for variant in &model.variants {
        if let (Some(_), Some(skip)) = (&attrs.leaf, &variant.skip) {
            errors.at(skip, "with `leaf` nothing in the type is visited; remove this `skip`");
        }
        for field in &variant.fields {
            check_field_options(model, variant, field, errors);
        }
    }
}

fn check_field_options(model: &Model, variant: &Variant, field: &Field, errors: &mut Errors) {
    let whole = if model.attrs.leaf.is_some() {
        "with `leaf` nothing in the type is visited"
    } else if variant.skip.is_some() {
        "with `skip` on the variant none of its fields is visited"
    } else {
        if let (Some(_), Some(unsafe_with)) = (&field.skip, &field.unsafe_with) {
            errors.at(unsafe_with, "a field is either skipped or visited; remove `skip` or this");
        }
        return;
    };
    for option in [&field.skip, &field.unsafe_with].into_iter().flatten() {
        errors.at(option, format!("{whole}; remove this `{option}`"));
    }
}

fn check_kind(model: &Model, errors: &mut Errors) {
    if let (Kind::Union(token), None) = (model.kind, &model.attrs.leaf) {
        errors.at(
            token,
            "which field of a union is in use is not known, so none can be traced; make it an \
             `enum`, or write `#[trace(leaf)]` above it to have nothing in it visited",
        );
    }
    let visits = |field: &Field| !matches!(field.visit, Visit::Nothing);
    if let (Some(packed), true) = (&model.packed, model.fields().any(visits)) {
        errors.at(
            packed,
            "a packed field cannot be borrowed, so it cannot be traced; remove `packed`, or put \
             `#[trace(skip)]` on each field, or `#[trace(leaf)]` on the type",
        );
    }
}

/// Looks for what has no `Trace` for a reason. A borrowing field is told so itself, and `borrowed`
/// takes down which lifetimes need no second error.
fn check_field<'a>(field: &'a Field, borrowed: &mut Vec<&'a Ident>, errors: &mut Errors) {
    for part in owned_parts(&field.ty) {
        match part {
            Type::Reference(reference) => check_reference(reference, borrowed, errors),
            Type::Ptr(_) => errors.at(part, refuse_pointer("a raw pointer")),
            Type::TraitObject(object) if object.bounds.iter().any(is_closure) => {
                errors.at(part, CLOSURE);
            }
            part => check_named(part, errors),
        }
    }
}

/// Of references, only `&'static T` can be a field.
fn check_reference<'a>(
    reference: &'a TypeReference,
    borrowed: &mut Vec<&'a Ident>,
    errors: &mut Errors,
) {
    let lifetime = reference.lifetime.as_ref().map(|lifetime| &lifetime.ident);
    let is_static = lifetime.is_some_and(|lifetime| lifetime == "static");
    match (is_static, &reference.mutability) {
        (true, None) => {}
        (true, Some(_)) => errors.at(reference, STATIC_MUT),
        (false, writes) => {
            borrowed.extend(lifetime);
            errors.at(reference, if writes.is_some() { BORROWS_MUT } else { BORROWS });
        }
    }
}

/// The types that are refused by name.
fn check_named(part: &Type, errors: &mut Errors) {
    let Some(segment) = last_segment(part) else { return };
    let (name, args) = (segment.ident.to_string(), &segment.arguments);
    match name.as_str() {
        "NonNull" if !args.is_none() => errors.at(part, refuse_pointer("`NonNull`")),
        "Rc" | "Arc" if mentions(args.to_token_stream(), &|it| it == "Gc" || it == "Slot") => {
            errors.at(part, refuse_shared(&name));
        }
        "Rc" | "Arc" => {
            let shared = type_args(segment).flat_map(owned_parts);
            for part in shared {
                if let Type::TraitObject(object) = part
                    && object.bounds.iter().any(is_closure)
                {
                    errors.at(part, CLOSURE);
                }
            }
        }
        "Cell" | "RefCell" | "Mutex" | "RwLock" if type_args(segment).any(is_unsized) => {
            errors.at(part, refuse_unsized(&name));
        }
        _ => {}
    }
}

/// `Fn(A) -> B`, and nothing else that bears the name.
fn is_closure(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else { return false };
    bound.path.segments.last().is_some_and(|segment| {
        matches!(segment.arguments, PathArguments::Parenthesized(_))
            && ["Fn", "FnMut", "FnOnce"].iter().any(|name| segment.ident == name)
    })
}

fn check_lifetimes(model: &Model, borrowed: &[&Ident], errors: &mut Errors) {
    for param in model.generics.lifetimes() {
        if !borrowed.contains(&&param.lifetime.ident) {
            let lifetime = &param.lifetime;
            errors.at(
                lifetime,
                format!(
                    "an object may live as long as its heap, so its type cannot borrow; remove \
                     `{lifetime}` and own the data, share it through `Gc`, or borrow it for \
                     `'static`"
                ),
            );
        }
    }
}

const BORROWS: &str = "an object may live as long as its heap, so it cannot hold this borrow; own \
                       the data, share it through `Gc`, or make this a `&'static` reference";

const BORROWS_MUT: &str = "an object may live as long as its heap, so it cannot hold this borrow; \
                           own the data, or share it through a `Gc` with a `RefCell` in it";

const STATIC_MUT: &str = "nobody else may read what a `&'static mut` leads to, so it cannot be \
                          traced; own the data, or put `#[trace(skip)]` on the field to keep the \
                          reference as plain data";

const CLOSURE: &str = "what a closure captures cannot be seen, so it cannot be traced; make it a \
                       `GcFn`, which lists its captures (`gc_fn!`), or put `#[trace(skip)]` on the \
                       field: each `Gc` that it captures then counts as held from outside";

fn refuse_pointer(what: &str) -> String {
    format!(
        "{what} does not tell whether it owns what it points to, so it cannot be traced; hold a \
         `Gc` or `Box` instead, or put `#[trace(skip)]` on the field to keep the pointer as plain \
         data"
    )
}

fn refuse_shared(name: &str) -> String {
    format!(
        "what an `{name}` leads to has several owners, and each would report the `Gc` in it as its \
         own; share the `Gc` itself (`Gc<T>` instead of `{name}<Gc<T>>`), or put `#[trace(skip)]` \
         on the field: the `Gc` then counts as held from outside"
    )
}

fn refuse_unsized(cell: &str) -> String {
    format!(
        "a cell asks its content whether it may hold a `Gc`, and one without a size cannot answer; \
         put a box into the cell (`{cell}<Box<_>>`), or hold the cell by a handle (`Gc<{cell}<_>>`)"
    )
}
