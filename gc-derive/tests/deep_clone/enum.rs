// A clone of another variant, which a program's own code may have made, is left alone.
#[derive(Trace, DeepClone)]
enum Shape {
    Empty,
    Pair(Gc<Shape>, #[deep_clone(clone)] Gc<u8>),
    Named { r#type: Slot<Shape> },
}
#[derive(Trace, DeepClone)]
enum Never {}
