//! either 1.

use either_1::Either;

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};

by_parts! {
    Either<L, R> { Either::Left(value) => ["Left.0" value], Either::Right(value) => ["Right.0" value] }
}

free_as_their_parts! {
    [L: GcFree, R: GcFree] Either<L, R>;
}
