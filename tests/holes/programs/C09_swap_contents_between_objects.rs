// hole: C09_swap_contents_between_objects
// class: moves of handles between objects
// needs: -
// expected of a sound library: ok
// why: mem::swap of whole cells' contents between live and dead objects, and moving handles through locals, with
// collections in between.
node! { struct N { many: Slots<N>, tag: P<Tag> } }
fn n(s: String) -> Gc<N> {
    gc(N { many: slots(), tag: P(Tag::new(&s)) })
}
pub(crate) fn main() {
    let base = live();
    let mut seed = 42u64;
    {
        let mut v: Vec<Gc<N>> = (0..30).map(|i| n(format!("k{i}"))).collect();
        for i in 0..30 {
            push(&v[i].many, v[(i * 7 + 1) % 30].clone());
            push(&v[i].many, v[(i * 11 + 3) % 30].clone());
        }
        for step in 0..2000u32 {
            let i = (xorshift(&mut seed) % v.len() as u64) as usize;
            let j = (xorshift(&mut seed) % v.len() as u64) as usize;
            if i != j {
                let a = v[i].clone();
                let b = v[j].clone();
                let mut x = guard_mut(&a.many);
                let mut y = guard_mut(&b.many);
                std::mem::swap(&mut *x, &mut *y);
            }
            match step % 5 {
                0 => {
                    let t = { guard_mut(&v[i].many).pop() };
                    collect();
                    if let Some(t) = t {
                        let _ = t.tag.0.read();
                        push(&v[j].many, t)
                    }
                }
                1 => {
                    let x = n("t".into());
                    push(&x.many, x.clone());
                    push(&x.many, v[i].clone());
                }
                2 => {
                    if v.len() > 5 {
                        let k = v.swap_remove(i);
                        drop(k)
                    }
                }
                3 => v.push(n(format!("l{step}"))),
                _ => {}
            }
            if step % 50 == 0 {
                collect()
            }
            for g in &v {
                check!(
                    drops(&g.tag.0.read()) == 0 || g.tag.0.read() == "t",
                    "live object destroyed"
                )
            }
        }
    }
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
