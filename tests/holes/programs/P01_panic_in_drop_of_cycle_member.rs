// hole: P01_panic_in_drop_of_cycle_member
// class: destructor panics during collection
// needs: -
// expected of a sound library: ok panic leak
// why: One member of a dead 5-ring panics in a plain field's destructor. Afterwards: live data intact, nothing
// destroyed twice, later garbage still collected.
node! { struct N { next: Slot<N>, tag: P<Tag>, hook: P<Hook> } }
fn n(s: &str, h: Hook) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)), hook: P(h) })
}
pub(crate) fn main() {
    let keep = n("keep", Hook::none());
    for k in 0..5 {
        {
            let v: Vec<_> = (0..5)
                .map(|i| {
                    n(
                        &format!("r{k}_{i}"),
                        if i == k { Hook::new(|| panic!("drop panics")) } else { Hook::none() },
                    )
                })
                .collect();
            for i in 0..5 {
                put(&v[i].next, v[(i + 1) % 5].clone());
            }
        }
        let e = catch(collect);
        want!(e.is_err(), "panic swallowed");
        check!(keep.tag.0.read() == "keep", "live damaged");
    }
    let e = catch(|| {
        collect();
        collect()
    });
    for k in 0..5 {
        for i in 0..5 {
            let c = drops(&format!("r{k}_{i}"));
            check!(c <= 1, "destroyed {c} times");
            want!(c == 1, "member r{k}_{i} lost after a sibling panicked");
        }
    }
    {
        let z = n("z", Hook::none());
        put(&z.next, z.clone());
    }
    let e2 = catch(|| {
        collect();
        collect()
    });
    want!(drops("z") == 1, "collector stuck after a panic");
    drop(keep);
    if e.is_err() || e2.is_err() {
        panic!("later collections still panic {e:?} {e2:?}")
    }
}
