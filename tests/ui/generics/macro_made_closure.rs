//! A type made by a macro: what the derive refuses is where the user wrote it, too.

use gc_core::Trace;

macro_rules! element {
    ($name:ident, $field:ident: $ty:ty) => {
        #[derive(Trace)]
        struct $name {
            $field: $ty,
        }
    };
}

element!(Button, on_click: Box<dyn Fn()>);

fn main() {}
