//! A type made by a macro: the error is at the field's type that the user gave.

use gc_core::Trace;

macro_rules! element {
    ($name:ident, $field:ident: $ty:ty) => {
        #[derive(Trace)]
        struct $name {
            $field: $ty,
        }
    };
}

struct Style;

element!(Element, style: Style);

fn main() {}
