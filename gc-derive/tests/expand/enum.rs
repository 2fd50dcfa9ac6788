#[derive(Trace)]
enum Shape<T> {
    Group(Vec<T>),
    Dot {
        #[trace(skip)]
        at: Point,
        owner: Slot<Shape<T>>,
    },
    #[trace(skip)]
    Foreign(Window),
    Empty,
}
