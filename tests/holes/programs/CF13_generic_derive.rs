// hole: CF13_generic_derive
// expected of a sound library: compiles
// why: derive on generics, where clauses, const generics, enums, tuple and unit structs.
// expected: ok
#[derive(Trace)]
struct G<T: Trace, const LEN: usize>
where
    T: Clone,
{
    maybe: Option<T>,
    many: Vec<T>,
    row: [Slot<G<T, LEN>>; LEN],
    of: std::marker::PhantomData<T>,
}
#[derive(Trace)]
enum E {
    A,
    B(u8, String),
    C { next: Slot<E>, tag: P<Tag> },
}
#[derive(Trace)]
struct U;
#[derive(Trace)]
struct T3(u8, String, Vec<u8>);
pub(crate) fn main() {
    let (maybe, many, row, of) = (None, vec![], [slot(), slot()], std::marker::PhantomData);
    let g = gc(G::<Gc<E>, 2> { maybe, many, row, of });
    put(&g.row[1], g.clone());
    let e = gc(E::C { next: slot(), tag: P(Tag::new("e")) });
    let E::C { next, tag } = &*e else { wrong("another variant") };
    put(next, e.clone());
    check!(tag.0.read() == "e", "another value");
    check!(
        matches!(&*gc(E::A), E::A) && matches!(&*gc(E::B(7, "x".into())), E::B(7, x) if x == "x"),
        ""
    );
    let (_, t) = (gc(U), gc(T3(1, String::new(), vec![2])));
    check!(t.0 == 1 && t.1.is_empty() && t.2 == [2], "another value");
    let (weak_g, weak_e) = (downgrade(&g), downgrade(&e));
    drop((g, e));
    collect();
    want!(upgrade(&weak_g).is_none() && upgrade(&weak_e).is_none(), "a cycle stays");
    want!(drops("e") == 1, "a variant's field was not dropped");
}
