#[derive(Trace)]
#[trace(leef)]
struct Mistaken<'a, T: Clone> {
    #[trace(skip(all))]
    borrowed: &'a T,
}
