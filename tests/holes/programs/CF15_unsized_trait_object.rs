// hole: CF15_unsized_trait_object
// expected of a sound library: compiles
// why: Gc<dyn Trait> on stable Rust.
// expected: ok
trait Named: Trace {
    fn name(&self) -> String;
    fn point_to(&self, next: Gc<dyn Named>);
}
#[derive(Trace)]
struct N {
    next: RefCell<Option<Gc<dyn Named>>>,
    tag: P<Tag>,
}
impl Named for N {
    fn name(&self) -> String {
        self.tag.0.read()
    }
    fn point_to(&self, next: Gc<dyn Named>) {
        *self.next.borrow_mut() = Some(next);
    }
}
pub(crate) fn main() {
    let n = gc(N { next: RefCell::new(None), tag: P(Tag::new("n")) });
    let named: Gc<dyn Named> = gc_core::coerce!(n => dyn Named);
    named.point_to(named.clone());
    collect();
    check!(named.name() == "n", "freed in use");
    drop(named);
    collect();
    want!(drops("n") == 1, "a cycle through a trait object stays");
}
