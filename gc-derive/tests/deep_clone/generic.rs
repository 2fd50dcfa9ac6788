// Each type parameter is bounded, wherever it stands; what is declared stays.
#[derive(Trace, DeepClone)]
struct Generic<T: Clone = u8, U, const N: usize>
where
    U: Ord,
{
    values: [Option<T>; N],
    keys: PhantomData<U>,
}
