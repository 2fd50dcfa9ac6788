//! A parameter takes no option.

use gc_core::Trace;

#[derive(Trace)]
struct Element<#[trace(skip)] T> {
    value: T,
}

fn main() {}
