//! What was measured, as Markdown, JSON and a picture.

mod json;
mod plot;
mod table;
mod verdict;

pub(crate) use table::number;

use std::fs;
use std::path::Path;

use crate::args::Plan;
use crate::contestants;
use crate::driver::Measured;
use crate::rows::ROWS;

/// Prints the table and writes the files.
pub(crate) fn write(plan: &Plan, measured: &Measured) -> Result<(), String> {
    let markdown = table::markdown(plan, measured);
    print!("{markdown}");
    let write = |name: &str, text: &str| {
        let path = plan.folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        eprintln!("wrote {}", path.display());
        Ok::<(), String>(())
    };
    make(&plan.folder)?;
    write("benches.md", &markdown)?;
    write("benches.json", &json::text(plan, measured))?;
    if plan.plot {
        write("benches.svg", &plot::table(plan, measured)?)?;
        write("series.svg", &plot::series(plan, measured)?)?;
    }
    Ok(())
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

pub(crate) fn list() {
    println!("rows:");
    for row in ROWS {
        println!("  {:18} {}, {}", row.name, row.title, row.unit.sign());
    }
    println!("contestants:");
    for contestant in &contestants::ALL {
        println!("  {}", contestant.name);
    }
}
