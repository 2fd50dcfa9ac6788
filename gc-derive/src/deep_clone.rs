//! `#[derive(DeepClone)]`: each of the three methods goes on to the fields.
//!
//! A parser for one word and a list of fields: none of the steps of `Trace` is needed.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Meta, Path, parse_quote};

pub(crate) fn derive(input: DeriveInput) -> TokenStream {
    expand(&input).unwrap_or_else(|error| error.to_compile_error())
}

fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    refuse_options(&input.attrs)?;
    let gc_core = crate_of(&input.attrs)?;
    let name = &input.ident;
    let variants: Vec<(TokenStream, &Fields)> = match &input.data {
        Data::Struct(data) => vec![(quote!(Self), &data.fields)],
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                refuse_options(&variant.attrs)?;
                let name = &variant.ident;
                Ok((quote!(Self::#name), &variant.fields))
            })
            .collect::<syn::Result<_>>()?,
        Data::Union(data) => {
            return Err(Error::new_spanned(
                data.union_token,
                "which field of a union is in use is not known, so it cannot be deeply cloned",
            ));
        }
    };
    let mut all = Arms::default();
    for (path, fields) in variants {
        all.add(&path, fields, &gc_core)?;
    }
    let Arms { handles, clones, relinks } = all;
    // A value of an enum without variants is matched by none, if it is no reference.
    let this = if handles.is_empty() { quote!(*self) } else { quote!(self) };

    let mut generics = input.generics.clone();
    let params: Vec<Ident> = generics.type_params().map(|param| param.ident.clone()).collect();
    let clause = generics.make_where_clause();
    for param in params {
        clause.predicates.push(parse_quote!(#param: #gc_core::DeepClone));
    }
    let (params, _, bounds) = generics.split_for_impl();
    let (_, args, _) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #params #gc_core::DeepClone for #name #args #bounds {
            fn handles(&self, __found: &mut #gc_core::Handles) {
                match #this { #(#handles)* }
            }
            fn deep_clone(&self, __clones: &#gc_core::Clones) -> Self {
                match #this { #(#clones)* }
            }
            fn relink(&self, __original: &Self, __clones: &#gc_core::Clones) {
                match (self, __original) {
                    #(#relinks)*
                    #[allow(unreachable_patterns)]
                    _ => {}
                }
            }
        }
    })
}

/// The arms of the three methods, one a variant.
#[derive(Default)]
struct Arms {
    handles: Vec<TokenStream>,
    clones: Vec<TokenStream>,
    relinks: Vec<TokenStream>,
}

impl Arms {
    /// Patterns with braces fit all kinds of fields.
    fn add(&mut self, path: &TokenStream, fields: &Fields, gc_core: &Path) -> syn::Result<()> {
        let (mut all, mut values, mut originals) = (Vec::new(), Vec::new(), Vec::new());
        let (mut handles, mut clones, mut relinks) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (member, field)) in fields.members().zip(fields).enumerate() {
            let value = format_ident!("__field{index}");
            let original = format_ident!("__original{index}");
            let ty = &field.ty;
            // Shown at the type, yet written by the macro.
            let span = Span::call_site().located_at(ty.span());
            all.push(quote!(#member: #value));
            if by_clone(&field.attrs)? {
                let clone = quote_spanned!(span=> <#ty as ::core::clone::Clone>::clone);
                clones.push(quote!(#member: #clone(#value)));
                continue;
            }
            let of = quote_spanned!(span=> <#ty as #gc_core::DeepClone>);
            values.push(quote!(#member: #value));
            originals.push(quote!(#member: #original));
            handles.push(quote!(#of::handles(#value, __found);));
            clones.push(quote!(#member: #of::deep_clone(#value, __clones)));
            relinks.push(quote!(#of::relink(#value, #original, __clones);));
        }
        self.handles.push(quote!(#path { #(#values,)* .. } => { #(#handles)* }));
        self.clones.push(quote!(#path { #(#all),* } => #path { #(#clones),* },));
        self.relinks.push(quote! {
            (#path { #(#values,)* .. }, #path { #(#originals,)* .. }) => { #(#relinks)* }
        });
        Ok(())
    }
}

/// Whether `#[deep_clone(clone)]` is said of a field.
fn by_clone(attrs: &[Attribute]) -> syn::Result<bool> {
    let mut said = of_deep_clone(attrs);
    let Some(attr) = said.next() else { return Ok(false) };
    if let Some(again) = said.next() {
        return Err(Error::new_spanned(again, "said once already of this field: remove one"));
    }
    let Meta::List(list) = &attr.meta else {
        return Err(Error::new_spanned(attr, ONLY_OPTION));
    };
    match syn::parse2::<Ident>(list.tokens.clone()) {
        Ok(word) if word == "clone" => Ok(true),
        _ if list.tokens.is_empty() => Err(Error::new_spanned(attr, ONLY_OPTION)),
        _ => Err(Error::new_spanned(&list.tokens, ONLY_OPTION)),
    }
}

const ONLY_OPTION: &str = "a field has the option `clone` alone: `#[deep_clone(clone)]`";

/// Of a type or a variant nothing can be said.
fn refuse_options(attrs: &[Attribute]) -> syn::Result<()> {
    let message = "`#[deep_clone(clone)]` is said of a field: write it before each field that is to be \
                   cloned by its `Clone`";
    of_deep_clone(attrs).next().map_or(Ok(()), |attr| Err(Error::new_spanned(attr, message)))
}

fn of_deep_clone(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("deep_clone"))
}

/// Where `gc_core` is: what `#[trace(crate = "..")]` says, which the type has for `Trace` already.
fn crate_of(attrs: &[Attribute]) -> syn::Result<Path> {
    let mut path: Path = parse_quote!(::gc_core);
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("trace")) {
        let Meta::List(_) = &attr.meta else { continue };
        // What else is said there is for `Trace` to check.
        let _ = attr.parse_nested_meta(|meta| {
            let is_crate = meta.path.is_ident("crate");
            if let Ok(value) = meta.value() {
                let text: syn::LitStr = value.parse()?;
                if is_crate {
                    path = text.parse()?;
                }
            }
            Ok(())
        });
    }
    Ok(path)
}
