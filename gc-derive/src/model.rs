//! Step 2: what was written, in the shape that the later steps want. A struct is an enum with one
//! variant, a union one whose fields are never looked at; after this file nobody matches on
//! `syn::Data`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Data, DeriveInput, ExprPath, Fields, GenericParam, Generics, Member, Meta};
use syn::{Token, Type};

use crate::attrs::{self, TypeAttrs};
use crate::errors::Errors;
use crate::field_type;

/// The type that derives.
pub(crate) struct Model {
    pub(crate) name: Ident,
    /// As written, with bounds and defaults.
    pub(crate) generics: Generics,
    pub(crate) attrs: TypeAttrs,
    pub(crate) kind: Kind,
    pub(crate) variants: Vec<Variant>,
    /// The `packed` of a `#[repr(..)]`.
    pub(crate) packed: Option<Ident>,
    /// What the impls allow: the contents of `#[allow(..)]`s.
    pub(crate) allowed: Vec<TokenStream>,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Struct,
    Enum,
    Union(Token![union]),
}

pub(crate) struct Variant {
    /// `None` for the one variant of a struct or union.
    pub(crate) name: Option<Ident>,
    /// The option's token.
    pub(crate) skip: Option<Ident>,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) member: Member,
    pub(crate) ty: Type,
    /// The option's token.
    pub(crate) skip: Option<Ident>,
    /// The option's token.
    pub(crate) unsafe_with: Option<Ident>,
    pub(crate) visit: Visit,
}

/// What `trace` does with a field.
pub(crate) enum Visit {
    /// Goes on to the field's own `Trace`.
    Trace,
    /// Calls this function, for which the author vouches.
    With(ExprPath),
    /// Nothing: it was asked to leave the field alone, or the field cannot hold a handle.
    Nothing,
}

impl Model {
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.variants.iter().flat_map(|variant| &variant.fields)
    }

    /// The fields that answer for themselves, by their own `Trace`.
    pub(crate) fn traced_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields().filter(|field| matches!(field.visit, Visit::Trace))
    }

    /// The last field of a struct, the only one that may lack a size.
    pub(crate) fn tail(&self) -> Option<&Field> {
        match (self.kind, &self.variants[..]) {
            (Kind::Struct, [all]) => all.fields.last(),
            _ => None,
        }
    }
}

pub(crate) fn read(input: DeriveInput, errors: &mut Errors) -> Model {
    for param in &input.generics.params {
        attrs::of_parameter(attrs_of(param), errors);
    }
    let attrs = attrs::of_type(&input.attrs, errors);
    let leaf = attrs.leaf.is_some();
    let allowed = allowed(&input);
    let (kind, variants) = match input.data {
        Data::Struct(data) => (Kind::Struct, vec![variant(None, None, data.fields, leaf, errors)]),
        Data::Enum(data) => {
            let variants = data.variants.into_iter().map(|it| {
                let skip = attrs::of_variant(&it.attrs, errors);
                variant(Some(it.ident), skip, it.fields, leaf, errors)
            });
            (Kind::Enum, variants.collect())
        }
        Data::Union(data) => {
            let fields = Fields::Named(data.fields);
            (Kind::Union(data.union_token), vec![variant(None, None, fields, true, errors)])
        }
    };
    Model {
        packed: packed(&input.attrs),
        allowed,
        name: input.ident,
        generics: input.generics,
        attrs,
        kind,
        variants,
    }
}

fn variant(
    name: Option<Ident>,
    skip: Option<Ident>,
    fields: Fields,
    leaf: bool,
    errors: &mut Errors,
) -> Variant {
    let members: Vec<Member> = fields.members().collect();
    let fields = members.into_iter().zip(fields).map(|(member, field)| {
        let mistakes = errors.count();
        let attrs = attrs::of_field(&field.attrs, errors);
        // What was meant for the field is unknown, so nothing more is said about it.
        let in_doubt = errors.count() > mistakes;
        let left_alone = leaf || skip.is_some() || attrs.skip.is_some() || in_doubt;
        let (unsafe_with, function) = attrs.unsafe_with.unzip();
        let visit = match function {
            _ if left_alone => Visit::Nothing,
            Some(function) => Visit::With(function),
            None if field_type::holds_nothing(&field.ty) => Visit::Nothing,
            None => Visit::Trace,
        };
        Field { member, ty: field.ty, skip: attrs.skip, unsafe_with, visit }
    });
    let fields = fields.collect();
    Variant { name, skip, fields }
}

fn attrs_of(param: &GenericParam) -> &[Attribute] {
    match param {
        GenericParam::Lifetime(param) => &param.attrs,
        GenericParam::Type(param) => &param.attrs,
        GenericParam::Const(param) => &param.attrs,
    }
}

/// The `packed` of `#[repr(C, packed(2))]`.
fn packed(attrs: &[Attribute]) -> Option<Ident> {
    let words = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::List(list) if list.path.is_ident("repr") => Some(list.tokens.clone()),
        _ => None,
    });
    words.flatten().find_map(|token| match token {
        TokenTree::Ident(word) if word == "packed" => Some(word),
        _ => None,
    })
}

/// The lists of all `#[allow(..)]` and `#[expect(..)]` in the definition, and `deprecated` if
/// anything in it is. The impls repeat the names of variants, fields and types, and what has been
/// said about these at their definition is enough.
fn allowed(input: &DeriveInput) -> Vec<TokenStream> {
    let parts: Vec<(&[Attribute], &Fields)> = match &input.data {
        Data::Struct(data) => vec![(&[], &data.fields)],
        Data::Enum(data) => data.variants.iter().map(|it| (&it.attrs[..], &it.fields)).collect(),
        Data::Union(_) => Vec::new(), // never named in the impls
    };
    let parts = parts.into_iter().flat_map(|(attrs, fields)| {
        attrs.iter().chain(fields.iter().flat_map(|field| &field.attrs))
    });
    let mut lists: Vec<TokenStream> = Vec::new();
    for attr in input.attrs.iter().chain(parts) {
        let list = match &attr.meta {
            Meta::List(list) if ["allow", "expect"].iter().any(|it| list.path.is_ident(it)) => {
                list.tokens.clone()
            }
            meta if meta.path().is_ident("deprecated") => quote!(deprecated),
            _ => continue,
        };
        if lists.iter().all(|other| other.to_string() != list.to_string()) {
            lists.push(list);
        }
    }
    lists
}
