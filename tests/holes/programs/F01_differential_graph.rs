// hole: F01_differential_graph
// class: model-based differential fuzzing
// needs: -
// expected of a sound library: ok
// why: Random graph operations checked against a reachability oracle: nothing reachable is ever destroyed,
// everything unreachable is destroyed by collect(), nothing is destroyed twice. Environment: OPS (default
// 60000), SEED.
thread_local!(static DEAD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
pub(crate) struct Id(usize, Box<u64>);
impl Drop for Id {
    fn drop(&mut self) {
        assert_eq!(*self.1, self.0 as u64 ^ 0x5555);
        let _ = DEAD.try_with(|d| d.borrow_mut()[self.0] += 1);
    }
}
node! { struct N { out: Slots<N>, id: P<Id> } }
fn reach(roots: &[usize], adj: &[Vec<usize>]) -> Vec<bool> {
    let mut s = vec![false; adj.len()];
    let mut st: Vec<usize> = roots.to_vec();
    while let Some(x) = st.pop() {
        if !s[x] {
            s[x] = true;
            st.extend(&adj[x])
        }
    }
    s
}
pub(crate) fn main() {
    let ops: u64 = std::env::var("OPS").ok().and_then(|s| s.parse().ok()).unwrap_or(60_000);
    let mut seed: u64 =
        std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x9E3779B97F4A7C15);
    let (mut missed, mut collects, mut done) = (0usize, 0u64, 0u64);
    while done < ops {
        DEAD.with(|d| d.borrow_mut().clear());
        let mut adj: Vec<Vec<usize>> = vec![];
        let mut roots: Vec<(usize, Gc<N>)> = vec![];
        let maxn = 20 + (xorshift(&mut seed) % 200) as usize;
        let steps = 400 + xorshift(&mut seed) % 2000;
        for _ in 0..steps {
            done += 1;
            let r = xorshift(&mut seed);
            let pick = |s: &mut u64, n: usize| (xorshift(s) % n as u64) as usize;
            match r % 16 {
                0..=3 if adj.len() < maxn => {
                    let i = adj.len();
                    adj.push(vec![]);
                    DEAD.with(|d| d.borrow_mut().push(0));
                    roots.push((
                        i,
                        gc(N { out: slots(), id: P(Id(i, Box::new(i as u64 ^ 0x5555))) }),
                    ));
                }
                4..=7 if !roots.is_empty() => {
                    let (a, b) = (pick(&mut seed, roots.len()), pick(&mut seed, roots.len()));
                    let (ai, bi) = (roots[a].0, roots[b].0);
                    push(&roots[a].1.out, roots[b].1.clone());
                    adj[ai].push(bi);
                }
                8 | 9 if !roots.is_empty() => {
                    let a = pick(&mut seed, roots.len());
                    let ai = roots[a].0;
                    if !adj[ai].is_empty() {
                        let k = pick(&mut seed, adj[ai].len());
                        let h = {
                            let mut o = guard_mut(&roots[a].1.out);
                            o.swap_remove(k)
                        };
                        let t = adj[ai].swap_remove(k);
                        if h.id.0.0 != t {
                            wrong("edge points to another object")
                        }
                        if r & 1024 != 0 { roots.push((t, h)) } else { drop(h) }
                    }
                }
                10 | 11 if !roots.is_empty() => {
                    let a = pick(&mut seed, roots.len());
                    let (_, h) = roots.swap_remove(a);
                    drop(h);
                }
                12 if !roots.is_empty() => {
                    let a = pick(&mut seed, roots.len());
                    let x = (roots[a].0, roots[a].1.clone());
                    roots.push(x);
                }
                13 if !roots.is_empty() => {
                    // walk to a non-root and root it
                    let a = pick(&mut seed, roots.len());
                    let (mut i, mut h) = (roots[a].0, roots[a].1.clone());
                    for _ in 0..6 {
                        if adj[i].is_empty() {
                            break;
                        }
                        let k = pick(&mut seed, adj[i].len());
                        let n = {
                            let o = guard_ref(&h.out);
                            o[k].clone()
                        };
                        i = adj[i][k];
                        h = n;
                        if *h.id.0.1 != i as u64 ^ 0x5555 {
                            wrong("walk reached a wrong or dead object")
                        }
                    }
                    roots.push((i, h));
                }
                14 if !roots.is_empty() => {
                    let a = pick(&mut seed, roots.len());
                    let ai = roots[a].0;
                    let v = std::mem::take(&mut *guard_mut(&roots[a].1.out));
                    adj[ai].clear();
                    drop(v);
                }
                15 if r & 2048 != 0 => {
                    collects += 1;
                    if r & 4096 != 0 && !roots.is_empty() {
                        let a = pick(&mut seed, roots.len());
                        let g = guard_ref(&roots[a].1.out);
                        collect();
                        drop(g);
                    }
                    collect();
                    collect();
                    if std::env::var("C3").is_ok() {
                        collect()
                    }
                    let ri: Vec<usize> = roots.iter().map(|x| x.0).collect();
                    let live = reach(&ri, &adj);
                    DEAD.with(|d| {
                        for (i, &c) in d.borrow().iter().enumerate() {
                            if live[i] && c != 0 {
                                wrong("reachable object destroyed")
                            }
                            if c > 1 {
                                wrong("destroyed twice")
                            }
                            if !live[i] && c == 0 {
                                missed += 1
                            }
                        }
                    });
                }
                _ => {}
            }
            let ri: Vec<usize> = roots.iter().map(|x| x.0).collect();
            if done % 64 == 0 {
                let live = reach(&ri, &adj);
                DEAD.with(|d| {
                    for (i, &c) in d.borrow().iter().enumerate() {
                        if live[i] && c != 0 {
                            wrong("reachable object destroyed")
                        }
                    }
                });
            }
        }
        roots.clear();
        collect();
        collect();
        collect();
        DEAD.with(|d| {
            for &c in d.borrow().iter() {
                if c > 1 {
                    wrong("destroyed twice")
                }
                if c == 0 {
                    missed += 1
                }
            }
        });
    }
    println!("ops={done} collects={collects} missed={missed}");
    want!(missed == 0, "{missed} unreachable objects survived collect()");
}
