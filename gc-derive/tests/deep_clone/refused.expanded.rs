::core::compile_error! {
    "which field of a union is in use is not known, so it cannot be deeply cloned"
}

::core::compile_error! {
    "a field has the option `clone` alone: `#[deep_clone(clone)]`"
}

::core::compile_error! {
    "a field has the option `clone` alone: `#[deep_clone(clone)]`"
}

::core::compile_error! {
    "`#[deep_clone(clone)]` is said of a field: write it before each field that is to be cloned by its `Clone`"
}

::core::compile_error! {
    "`#[deep_clone(clone)]` is said of a field: write it before each field that is to be cloned by its `Clone`"
}

::core::compile_error! {
    "said once already of this field: remove one"
}
