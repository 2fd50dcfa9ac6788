//! Where type parameters and associated types occur in the traced fields, and what a field needs of
//! them there.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, Type, TypeParamBound, TypePath};

use crate::field_type::{self, same};
use crate::model::Model;

/// What is asked of a type argument so that the field around it can be traced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Asks {
    Trace,
    GcFree,
}

/// What stands around an occurrence.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    /// Nothing, or types that trace what they contain.
    Traced,
    /// `Rc`, `Arc` or a reference: fields only if what they lead to holds no handle.
    Shared,
    /// A handle or a trait object, which need nothing of their arguments. A parameter is bounded
    /// all the same, which is the rule that people know; an associated type is not, so that
    /// `next: Slot<F::Node>` works in the very `Node<F>` that `F::Node` is.
    Indirect,
}

pub(crate) struct Occurrences<'a> {
    model: &'a Model,
    params: Vec<(&'a Ident, Vec<Asks>)>,
    /// `T::Out`, `<T as Iterator>::Item`.
    pub(crate) projections: Vec<(TypePath, Asks)>,
}

impl<'a> Occurrences<'a> {
    pub(crate) fn in_traced_fields(model: &'a Model) -> Self {
        let params = model.generics.type_params().map(|param| (&param.ident, Vec::new()));
        let mut found = Self { model, params: params.collect(), projections: Vec::new() };
        for field in model.traced_fields() {
            found.look_into(&field.ty, Around::Traced);
        }
        found
    }

    /// What the fields ask of this parameter; nothing if it does not occur.
    pub(crate) fn asked_of(&self, param: &Ident) -> &[Asks] {
        self.params.iter().find(|(name, _)| *name == param).map_or(&[], |(_, asked)| asked)
    }

    fn look_into(&mut self, ty: &Type, around: Around) {
        match ty {
            Type::Group(ty) => self.look_into(&ty.elem, around),
            Type::Paren(ty) => self.look_into(&ty.elem, around),
            Type::Array(ty) => self.look_into(&ty.elem, around),
            Type::Slice(ty) => self.look_into(&ty.elem, around),
            Type::Ptr(ty) => self.look_into(&ty.elem, around),
            Type::Reference(ty) => self.look_into(&ty.elem, Around::Shared),
            Type::Tuple(ty) => ty.elems.iter().for_each(|ty| self.look_into(ty, around)),
            Type::TraitObject(ty) => {
                for bound in &ty.bounds {
                    if let TypeParamBound::Trait(bound) = bound {
                        self.look_into_path(&bound.path, Around::Indirect);
                    }
                }
            }
            Type::Path(ty) if self.is_projection(ty) => self.note_projection(ty, around),
            Type::Path(ty) => match self.param(&ty.path) {
                Some(index) => self.note_param(index, around),
                None => self.look_into_path(&ty.path, around),
            },
            // What a macro makes of its tokens is not known. A parameter among them is likely to
            // occur in the type.
            Type::Macro(ty) => {
                for index in 0..self.params.len() {
                    let name = self.params[index].0;
                    if field_type::mentions(&ty.mac.tokens, &|ident| same(ident, name)) {
                        self.note_param(index, around);
                    }
                }
            }
            // A function owns neither its arguments nor its result; the rest has no parts.
            _ => {}
        }
    }

    fn look_into_path(&mut self, path: &Path, around: Around) {
        let mut module = None;
        for segment in &path.segments {
            let before = module.replace(&segment.ident);
            let PathArguments::AngleBracketed(angle) = &segment.arguments else { continue };
            let mut asked = around.asked_args(&segment.ident);
            let around = around.with(before, &segment.ident);
            for arg in &angle.args {
                match arg {
                    GenericArgument::Type(_) if asked == 0 => {}
                    GenericArgument::Type(ty) => {
                        asked -= 1;
                        self.look_into(ty, around);
                    }
                    GenericArgument::AssocType(binding) => self.look_into(&binding.ty, around),
                    _ => {}
                }
            }
        }
    }

    fn param(&self, path: &Path) -> Option<usize> {
        let name = path.get_ident()?;
        self.params.iter().position(|(param, _)| same(param, name))
    }

    /// `T::Out`, or `<..>::Out` with a generic parameter in it.
    fn is_projection(&self, ty: &TypePath) -> bool {
        let is_param = |ident: &Ident| self.params.iter().any(|(param, _)| same(param, ident));
        let is_const = |ident: &Ident| {
            self.model.generics.const_params().any(|param| same(&param.ident, ident))
        };
        match &ty.qself {
            Some(_) => field_type::mentions(ty, &|ident| is_param(ident) || is_const(ident)),
            None => ty.path.segments.len() > 1 && is_param(&ty.path.segments[0].ident),
        }
    }

    fn note_param(&mut self, index: usize, around: Around) {
        let asked = &mut self.params[index].1;
        if !asked.contains(&around.asks()) {
            asked.push(around.asks());
        }
    }

    fn note_projection(&mut self, ty: &TypePath, around: Around) {
        // As a condition of its own impl, a type would have the compiler run in circles.
        let is_own = |ident: &Ident| same(ident, &self.model.name) || ident == "Self";
        if around == Around::Indirect || field_type::mentions(ty, &is_own) {
            return;
        }
        let tokens = ty.to_token_stream().to_string();
        let same = |(path, asks): &(TypePath, Asks)| {
            *asks == around.asks() && path.to_token_stream().to_string() == tokens
        };
        if !self.projections.iter().any(same) {
            self.projections.push((ty.clone(), around.asks()));
        }
    }
}

impl Around {
    fn asks(self) -> Asks {
        match self {
            Around::Traced | Around::Indirect => Asks::Trace,
            Around::Shared => Asks::GcFree,
        }
    }

    /// What stands around the arguments of `module::name`.
    fn with(self, module: Option<&Ident>, name: &Ident) -> Around {
        let of_std = module.is_some_and(|module| module == "rc" || module == "sync");
        match self {
            Around::Traced if name == "Rc" || name == "Arc" => Around::Shared,
            Around::Traced if name == "Weak" && of_std => Around::Shared,
            Around::Traced if name == "Gc" || name == "Slot" || name == "Weak" => Around::Indirect,
            same => same,
        }
    }

    /// Of how many type arguments something is asked. Not of a hasher or an initializer, and of no
    /// argument of a type that is never looked into: they have but to be `'static`.
    fn asked_args(self, name: &Ident) -> usize {
        let is = |names: &[&str]| names.iter().any(|it| name == it);
        if is(&["PhantomData"]) {
            0
        } else if is(&["HashSet"]) {
            1
        } else if is(&["HashMap"]) {
            2
        } else if self == Around::Shared {
            usize::MAX // `GcFree` is asked of everything else
        } else if is(&["UnsafeCell", "MaybeUninit", "ManuallyDrop"]) {
            0
        } else if is(&["LazyCell", "LazyLock"]) {
            1
        } else {
            usize::MAX
        }
    }
}
