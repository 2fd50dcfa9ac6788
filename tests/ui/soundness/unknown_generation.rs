// There are three generations.
use gc_core::{Generation, Heap};

fn main() {
    Heap::new().collect_generation(Generation::Ancient);
}
