//! What a field's type tells by its syntax alone. A macro sees no more of a type than its tokens: a
//! name may be shadowed or an alias, so what is concluded here may cost precision, never soundness.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeParamBound};

/// The type without parentheses and the invisible groups in which `macro_rules!` hands types on.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        ty => ty,
    }
}

/// The `Name<..>` at the end of a path.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The `A, B` of `Name<A, B>`.
pub(crate) fn type_args(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let args = match &segment.arguments {
        PathArguments::AngleBracketed(angle) => Some(&angle.args),
        PathArguments::Parenthesized(_) | PathArguments::None => None,
    };
    args.into_iter().flatten().filter_map(|arg| match arg {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

pub(crate) fn is_phantom_data(segment: &PathSegment) -> bool {
    segment.ident == "PhantomData"
}

/// Whether a value of this type visibly holds no handle: pointers to functions, whatever their
/// signature (no trait could be implemented for all), `PhantomData`, trait objects that are `Send`
/// (which a handle is not), and what is made of these and of plain data. Plain data alone is left to
/// its own `Trace`.
pub(crate) fn holds_nothing(ty: &Type) -> bool {
    let parts = |parts: &[&Type]| {
        parts.iter().any(|part| holds_nothing(part))
            && parts.iter().all(|part| holds_nothing(part) || is_plain(part))
    };
    match peel(ty) {
        Type::FnPtr(_) => true,
        Type::TraitObject(object) => object.bounds.iter().any(is_send),
        Type::Array(array) => holds_nothing(&array.elem),
        Type::Tuple(tuple) => parts(&tuple.elems.iter().collect::<Vec<_>>()),
        ty => match last_segment(ty) {
            Some(segment) if is_container(segment) => {
                parts(&type_args(segment).collect::<Vec<_>>())
            }
            Some(segment) => is_phantom_data(segment),
            None => false,
        },
    }
}

fn is_send(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound) if bound.path.is_ident("Send"))
}

/// Names of numbers and text.
fn is_plain(ty: &Type) -> bool {
    const PLAIN: [&str; 18] = [
        "bool", "char", "str", "String", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16",
        "i32", "i64", "i128", "isize", "f32", "f64",
    ];
    match peel(ty) {
        Type::Reference(reference) => is_plain(&reference.elem),
        Type::Path(path) => PLAIN.iter().any(|name| path.path.is_ident(name)),
        _ => false,
    }
}

/// Types of the standard library that are traced through, whatever their arguments are. (Not
/// `ManuallyDrop`, which is opaque, nor `LazyCell`, whose function is.)
const CONTAINERS: [&str; 19] = [
    "Option",
    "Result",
    "Box",
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "BTreeMap",
    "BTreeSet",
    "HashMap",
    "HashSet",
    "Cell",
    "RefCell",
    "OnceCell",
    "Mutex",
    "RwLock",
    "OnceLock",
    "Reverse",
    "Pin",
];

fn is_container(segment: &PathSegment) -> bool {
    CONTAINERS.iter().any(|name| segment.ident == name)
}

/// The type, and the types of what it visibly owns. Other people's types are not looked into: they
/// may well have a `Trace` that copes with any argument.
pub(crate) fn owned_parts(ty: &Type) -> Vec<&Type> {
    let mut parts = Vec::new();
    let mut todo = vec![ty];
    while let Some(ty) = todo.pop().map(peel) {
        parts.push(ty);
        match ty {
            Type::Array(array) => todo.push(&array.elem),
            Type::Slice(slice) => todo.push(&slice.elem),
            Type::Tuple(tuple) => todo.extend(tuple.elems.iter().rev()),
            ty => match last_segment(ty) {
                Some(segment) if is_container(segment) => {
                    let args: Vec<&Type> = type_args(segment).collect();
                    todo.extend(args.into_iter().rev());
                }
                _ => {}
            },
        }
    }
    parts
}

/// Whether a type has no size, as far as its syntax tells.
pub(crate) fn is_unsized(ty: &Type) -> bool {
    match peel(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        ty => last_segment(ty).is_some_and(|segment| {
            ["str", "Path", "OsStr", "CStr"].iter().any(|name| segment.ident == name)
        }),
    }
}

/// `r#T` and `T` are one name.
pub(crate) fn same(a: &Ident, b: &Ident) -> bool {
    a.unraw() == b.unraw()
}

/// Whether one of these names occurs anywhere in the tokens.
pub(crate) fn mentions(tokens: impl ToTokens, is_name: &dyn Fn(&Ident) -> bool) -> bool {
    fn any(tokens: TokenStream, is_name: &dyn Fn(&Ident) -> bool) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => is_name(&ident),
            TokenTree::Group(group) => any(group.stream(), is_name),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    any(tokens.into_token_stream(), is_name)
}
