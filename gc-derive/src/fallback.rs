//! The other ending: what is written for a type with mistakes. The errors, and impls that do
//! nothing, so that its users do not also read that it lacks `Trace`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::bounds;
use crate::errors::Mistakes;
use crate::model::Model;

pub(crate) fn expand(model: &Model, mistakes: &Mistakes) -> TokenStream {
    let name = &model.name;
    let gc_core = &model.attrs.gc_core;
    let generics = bounds::for_fallback(model);
    let (params, args, bounds) = generics.split_for_impl();
    let free = model.attrs.leaf.is_some().then(|| {
        quote! {
            #[automatically_derived]
            impl #params #gc_core::GcFree for #name #args #bounds {}
        }
    });
    quote! {
        #mistakes
        #[automatically_derived]
        // SAFETY: it never runs, since the mistakes are compile errors.
        unsafe impl #params #gc_core::Trace for #name #args #bounds {
            fn trace(&self, _: &mut #gc_core::Tracer<'_>) {}
        }
        #free
    }
}
