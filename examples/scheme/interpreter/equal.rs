//! `equal?`: alike all the way down. Pairs of values to be compared wait in a list, and a cycle is cut by
//! taking for alike what is being compared already.

use std::collections::HashSet;

use super::super::pointer::address;
use super::value::{Value, same};

/// How many comparisons go without a look at whether they are in a circle.
const UNWATCHED: usize = 1000;

pub(crate) fn alike(one: &Value, other: &Value) -> bool {
    let mut to_compare = vec![(one.clone(), other.clone())];
    let mut compared = 0;
    let mut assumed = HashSet::new();
    while let Some((one, other)) = to_compare.pop() {
        if same(&one, &other) {
            continue;
        }
        compared += 1;
        let mut is_assumed = |one, other| compared > UNWATCHED && !assumed.insert((one, other));
        match (&one, &other) {
            (Value::Pair(one), Value::Pair(other)) => {
                if !is_assumed(address(one), address(other)) {
                    to_compare.push((one.cdr.get(), other.cdr.get()));
                    to_compare.push((one.car.get(), other.car.get()));
                }
            }
            (Value::Vector(one), Value::Vector(other)) => {
                if one.items.len() != other.items.len() {
                    return false;
                }
                if !is_assumed(address(one), address(other)) {
                    let items = one.items.iter().zip(&other.items);
                    to_compare.extend(items.map(|(one, other)| (one.get(), other.get())));
                }
            }
            (Value::Text(one), Value::Text(other)) => {
                if *one.characters.borrow() != *other.characters.borrow() {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}
