::core::compile_error! {
    "which field of a union is in use is not known, so it cannot be deeply cloned"
}

::core::compile_error! {
    "a field has the option `clone` alone: `#[deep_clone(clone)]`"
}

::core::compile_error! {
    "expected attribute arguments in parentheses: #[deep_clone(...)]"
}
