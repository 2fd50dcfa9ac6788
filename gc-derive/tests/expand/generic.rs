#[derive(Trace)]
struct Generic<Value: Clone = u8, Iter, Plain, Shared: ?Sized, Family, const N: usize>
where
    Iter: Iterator,
{
    values: [Option<Value>; N],
    items: Vec<Iter::Item>,
    first: <Iter as Iterator>::Item,
    plain: (PhantomData<Plain>, fn(Plain) -> Plain),
    shared: Rc<Shared>,
    next: Slot<Family::Node>, // behind a handle: no bound
    own: Option<Box<Self>>,
}
