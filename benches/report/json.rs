//! The table, as JSON: every round's value, for other programs to look at.

use serde_json::{Map, Value, json};

use super::table;
use super::verdict::judge;
use crate::args::Plan;
use crate::contestants;
use crate::driver::Measured;
use crate::profile;
use crate::rows::{Row, Target};

pub(crate) fn text(plan: &Plan, measured: &Measured) -> String {
    let rows: Vec<Value> = table::rows(plan).map(|row| of_row(plan, row, measured)).collect();
    let all = json!({
        "quick": plan.quick,
        "seconds": measured.took.as_secs_f64(),
        "uncounted": measured.uncounted,
        "rows": rows,
    });
    format!("{all:#}\n")
}

fn of_row(plan: &Plan, row: &Row, measured: &Measured) -> Value {
    let mut contestants = Map::new();
    for contestant in &contestants::ALL {
        let cell = measured.cell(row.name, contestant.name);
        if let Some(cell) = cell.filter(|_| plan.wants_contestant(contestant.name)) {
            contestants.insert(
                contestant.name.into(),
                json!({
                    "median": cell.value(),
                    "ratio": cell.ratio(),
                    "rounds": cell.values,
                    "notes": cell.notes,
                }),
            );
        }
    }
    let profile = measured.profiles.get(row.work).map(|profile| {
        profile
            .iter()
            .map(|&(stage, share)| (profile::name(stage), json!(share)))
            .collect::<Map<_, _>>()
    });
    let target = |target: Target| {
        let verdict = judge(target, row, measured);
        json!({ "asked": verdict.asked, "limit": verdict.limit, "met": verdict.met })
    };
    json!({
        "name": row.name,
        "title": row.title,
        "unit": row.unit.sign(),
        "contestants": contestants,
        "profile": profile,
        "must": row.targets.as_ref().map(|targets| target(targets.must)),
        "aim": row.targets.as_ref().map(|targets| target(targets.aim)),
    })
}
