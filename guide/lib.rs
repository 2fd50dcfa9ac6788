//! Runs the examples of the guide, each as a documentation test.

/// Makes the examples of a chapter tests, and lists the chapters.
macro_rules! chapters {
    ($($name:ident)+) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("src/", stringify!($name), ".md"))]
            mod $name {}
        )+

        #[cfg(test)]
        const CHAPTERS: &[&str] = &[$(stringify!($name)),+];
    };
}

chapters! {
    introduction
    first_graph
    cells_and_slots
    finalizers_or_drop
    weak_handles
    closures_and_trait_objects
    finding_a_leak
    tuning
    trace_by_hand
    porting_from_rc
    porting_from_rust_gc
    porting_from_dumpster
    porting_from_gcmodule
    porting_from_gc_arena
}

#[cfg(test)]
mod book;
#[cfg(test)]
mod readme;
