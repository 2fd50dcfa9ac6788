::core::compile_error! {
    "unknown option `leef`; did you mean `leaf`? (a type takes `leaf`, `finalize`, `bound = \"T: Trace\"`, `crate = \"path::to::gc_core\"`, or `unsafe_drop`)"
}
::core::compile_error! {
    "`skip` stands alone; write `#[trace(skip)]`"
}
::core::compile_error! {
    "an object may live as long as its heap, so its type cannot borrow; remove `'a` and own the data, share it through `Gc`, or borrow it for `'static`"
}
#[automatically_derived]
unsafe impl<'a, T: Clone> ::gc_core::Trace for Mistaken<'a, T>
where
    T: 'static,
    'a: 'static,
{
    fn trace(&self, _: &mut ::gc_core::Tracer<'_>) {}
}
#[automatically_derived]
impl<'a, T: Clone> ::gc_core::GcFree for Mistaken<'a, T>
where
    T: 'static,
    'a: 'static,
{}
