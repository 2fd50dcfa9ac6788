//! Fields that are closures, and the macro that makes them, where unsafe code is forbidden.
#![forbid(unsafe_code)]
#![expect(clippy::type_complexity, reason = "complex types are what is tested")]

use gc_core::{GcFn, gc_fn};

use super::support::{RefCell, Trace, cycle_is_freed};

#[derive(Trace)]
struct Emitter<T: 'static> {
    listeners: RefCell<Vec<GcFn<dyn Fn(&T) -> bool>>>,
}

#[test]
fn in_generic_types_without_a_bound() {
    struct Untraced;
    assert!(cycle_is_freed(|hub| Emitter::<Untraced> {
        listeners: RefCell::new(vec![gc_fn! { [hub] |_| !format!("{hub:?}").is_empty() }]),
    }));
}

#[test]
fn in_macros_and_with_names_of_the_macro() {
    macro_rules! constant {
        ($value:expr) => {
            gc_fn!([value = $value] || *value)
        };
    }
    let captures = 1_u8;
    let param = 2_u8;
    let one: GcFn<dyn Fn(u8) -> u8> = gc_fn! { [captures, param] |call| captures + param + call };
    let two: GcFn<dyn Fn() -> u8> = constant!(5);
    assert_eq!((one(3), two()), (6, 5));
}
