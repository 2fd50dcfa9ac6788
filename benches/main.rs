//! How fast gc-core is, beside `Rc` and everyone else.
//!
//! `cargo run --release -p benches` measures every work for every contestant, each in a process of
//! its own, in turns, and prints a table of times and of ratios to `Rc` on the system's allocator in
//! the same run. `-- --help` says what else it does.

mod allocator;
mod args;
mod callgrind;
mod child;
mod contestants;
mod driver;
mod gate;
mod inside;
mod memory;
mod profile;
mod report;
mod rows;
mod works;

use std::process::ExitCode;

use args::Order;

fn main() -> ExitCode {
    let done = match args::read(std::env::args().skip(1)) {
        Ok(Order::Help) => {
            print!("{}", args::HELP);
            Ok(())
        }
        Ok(Order::List) => {
            report::list();
            Ok(())
        }
        Ok(Order::Gate) => gate::run(),
        Ok(Order::Inside(quick)) => {
            inside::run(quick);
            Ok(())
        }
        Ok(Order::Work(contestant, work, out)) => child::run(&contestant, &work, out),
        Ok(Order::Measure(plan)) => {
            let measured = driver::measure(&plan);
            report::write(&plan, &measured)
        }
        Err(mistake) => Err(mistake),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistake) => {
            eprintln!("benches: {mistake}");
            ExitCode::from(2)
        }
    }
}
