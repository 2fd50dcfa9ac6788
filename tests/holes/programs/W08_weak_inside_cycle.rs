// hole: W08_weak_inside_cycle
// class: weak handles
// needs: weak
// expected of a sound library: ok
// why: Weak handles stored inside the collected objects (parent links of a tree with a cycle).
node! { struct N { kids: Slots<N>, parent: WSlot<N>, me: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let base = live();
    {
        let p = gc(N { kids: slots(), parent: wcell(), me: slot(), tag: P(Tag::new("p")) });
        put(&p.me, p.clone());
        for i in 0..10 {
            let c = gc(N {
                kids: slots(),
                parent: wcell(),
                me: slot(),
                tag: P(Tag::new(&format!("c{i}"))),
            });
            wput(&c.parent, downgrade(&p));
            push(&p.kids, c);
        }
        collect();
        {
            let k = guard_ref(&p.kids);
            for c in k.iter() {
                check!(wget(&c.parent).is_some(), "live parent lost")
            }
        }
    }
    collect();
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
