//! The derive macro of gc-core.
#![forbid(unsafe_code)]
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Data, DeriveInput, Fields, parse_macro_input};

fn has(attrs: &[syn::Attribute], word: &str) -> bool {
    attrs
        .iter()
        .any(|a| a.path().is_ident("trace") && a.to_token_stream().to_string().contains(word))
}

/// Derives `Trace`.
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let name = &input.ident;
    let leaf = has(&input.attrs, "leaf");
    let mut tys: Vec<syn::Type> = vec![];
    let mut arms: Vec<TokenStream> = vec![];
    let mut variant = |path: TokenStream, fields: &Fields, skip: bool| {
        let mut pats = vec![];
        let mut calls = vec![];
        for (i, f) in fields.iter().enumerate() {
            let member = match &f.ident {
                Some(id) => quote!(#id),
                None => {
                    let i = syn::Index::from(i);
                    quote!(#i)
                }
            };
            let ty = f.ty.to_token_stream().to_string();
            if leaf
                || skip
                || has(&f.attrs, "skip")
                || ty.contains("fn (")
                || ty.contains("PhantomData")
            {
                pats.push(quote!(#member: _));
                continue;
            }
            let b = format_ident!("b{i}");
            pats.push(quote!(#member: #b));
            calls.push(quote!(::gc_core::Trace::trace(#b, tracer);));
            tys.push(f.ty.clone());
        }
        arms.push(quote!(#path { #(#pats),* } => { #(#calls)* }));
    };
    match &input.data {
        Data::Struct(s) => variant(quote!(#name), &s.fields, false),
        Data::Enum(e) => {
            for v in &e.variants {
                let id = &v.ident;
                variant(quote!(#name::#id), &v.fields, has(&v.attrs, "skip"))
            }
        }
        Data::Union(_) => panic!("union"),
    }
    let body =
        if arms.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#arms)* }) };
    let mut generics = input.generics.clone();
    for p in generics.type_params_mut() {
        if leaf {
            p.bounds.push(syn::parse_quote!('static));
        } else {
            p.bounds.push(syn::parse_quote!(::gc_core::Trace));
        }
    }
    let (ig, tg, wc) = generics.split_for_impl();
    let (dig, dtg, dwc) = input.generics.split_for_impl();
    let fin = has(&input.attrs, "finalize").then(|| {
        quote!(
            fn finalizer() -> ::core::option::Option<::gc_core::Finalizer<Self>> {
                ::core::option::Option::Some(::gc_core::Finalizer::new())
            }
        )
    });
    let guard = (!leaf && !has(&input.attrs, "unsafe_drop")).then(
        || quote!(impl #dig ::gc_core::TracedTypesUseFinalizeInsteadOfDrop for #name #dtg #dwc {}),
    );
    let leafi = leaf.then(|| quote!(impl #ig ::gc_core::GcFree for #name #tg #wc {}));
    quote!(
        #[automatically_derived] unsafe impl #ig ::gc_core::Trace for #name #tg #wc {
            #[allow(unused_variables)] fn trace(&self, tracer: &mut ::gc_core::Tracer<'_>) { #body }
            #[allow(unused_variables)] fn may_hold_gc(depth: ::gc_core::Depth) -> bool { match depth.deeper() { ::core::option::Option::None => true, ::core::option::Option::Some(depth) => #(<#tys as ::gc_core::Trace>::may_hold_gc(depth) ||)* false } }
            #fin
        } #guard #leafi
    ).into()
}
