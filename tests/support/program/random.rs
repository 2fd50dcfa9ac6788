//! Programs from a seed: the same ones on every machine.

use super::op::{Age, Deed, Op, Part, Shape};
use super::{Program, Setting};

/// A small generator of numbers (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn part<P: Part>(&mut self) -> P {
        P::of_byte((self.next() >> 56) as u8)
    }
}

/// Steps of a plain and of a hostile program.
pub(crate) const STEPS: [usize; 2] = [500, 300];

/// The program of this seed.
pub(crate) fn program(seed: u64, hostile: bool) -> Program {
    let mut random = Random::new(seed.wrapping_mul(2) + u64::from(hostile));
    let setting = Setting {
        hostile,
        automatic: seed % 4 == 3,
        two_heaps: seed % 5 == 1,
        threaded: seed % 64 == 9,
        aged: seed % 2048 == 77,
    };
    let steps = STEPS[usize::from(hostile)];
    // Some programs hardly collect, so that graphs grow old and tangled.
    let collects = [8, 30, 80][(seed / 7 % 3) as usize];
    let ops = (0..steps).map(|_| random.op(hostile, collects)).collect();
    Program { setting, ops }
}

impl Random {
    /// Most objects do nothing at their end, in a plain program all.
    fn deed(&mut self, hostile: bool) -> Deed {
        if !hostile || self.part::<u8>() < 100 { Deed::Nothing } else { self.part() }
    }

    fn shape(&mut self) -> Shape {
        match self.part::<u8>() {
            0..200 => Shape::Node,
            _ => self.part(),
        }
    }

    /// A step, each kind as often as its share of a thousand says; a collection as often as `collects`.
    fn op(&mut self, hostile: bool, collects: u64) -> Op {
        if self.next() % 1000 < collects {
            let (age, heap) = (self.part(), self.part());
            return match self.next() % 10 {
                0 => Op::CollectWithin { objects: self.part(), heap },
                1 => Op::CollectInVain { age, visits: self.part(), heap },
                2 => Op::CollectBorrowed { root: self.part(), at: self.part(), age, heap },
                3..6 => Op::Collect { age: Age::Old, heap },
                _ => Op::Collect { age, heap },
            };
        }
        let share = self.next() % 1000;
        macro_rules! op {
            ($name:ident $($part:ident)*) => { Op::$name { $($part: self.part()),* } };
        }
        match share {
            0..230 => Op::Make {
                shape: self.shape(),
                last: self.deed(hostile),
                dropped: if self.next().is_multiple_of(4) {
                    self.deed(hostile)
                } else {
                    Deed::Nothing
                },
                number: self.part(),
                heap: self.part(),
            },
            230..240 => op!(MakeHolding moved heap),
            240..245 => Op::MakeCyclic {
                inside: self.deed(hostile),
                number: self.part(),
                heap: self.part(),
            },
            245..300 => op!(Clone root),
            300..430 => op!(Drop root),
            430..560 => op!(Link root at target),
            560..660 => op!(MoveInto root at moved),
            660..710 => op!(MoveOut root at edge),
            710..745 => op!(MoveBetween root at edge to),
            745..770 => op!(Unlink root at edge),
            770..790 => op!(Swap root at edge other),
            790..800 => op!(SwapCells root at to),
            800..815 => op!(Loan root at),
            815..818 => op!(Freeze heap),
            818..824 => op!(Unfreeze heap),
            824..844 => op!(MakeWeak root),
            844..856 => op!(Upgrade weak),
            856..866 => op!(DropWeak weak),
            866..880 => {
                Op::Watch { root: self.part(), deed: self.deed(hostile), number: self.part() }
            }
            880..884 => op!(DropWatch watch),
            884..887 => op!(ForgetWatch watch),
            887..900 => {
                Op::Cleanup { root: self.part(), deed: self.deed(hostile), number: self.part() }
            }
            900..902 => op!(CallCleanup cleanup),
            902..904 => op!(DetachCleanup cleanup),
            904..906 => op!(NotAtExit cleanup),
            906..908 => op!(DropCleanup cleanup),
            908..914 => op!(MapInsert key root),
            914..917 => op!(MapGet key),
            917..918 => op!(MapRemove key),
            918..930 => op!(GetMut root target age),
            930..940 => op!(MakeMut root),
            940..955 => op!(TryUnwrap root),
            955..965 => op!(Recast root),
            965..969 => op!(Raw root),
            969..972 => op!(Enumerate heap),
            972..974 => op!(Referrers root),
            974..978 => op!(SetAuto on heap),
            978..981 => op!(SetThreshold young heap),
            981..984 => op!(Pause heap),
            984..989 => op!(Resume pause),
            989..992 => {
                Op::Listen { deed: self.deed(hostile), number: self.part(), heap: self.part() }
            }
            992..995 => op!(SaveAll on heap),
            995..999 => op!(TakeGarbage heap),
            _ => op!(EndHeap heap),
        }
    }
}
