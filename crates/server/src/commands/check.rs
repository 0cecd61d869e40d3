//! `portico check`: what is wrong with the data of a server, which may run meanwhile.

use std::process::ExitCode;

use store::Depth;

use crate::check;
use crate::config::CheckArgs;

/// Could not look.
const UNKNOWN: u8 = 2;

/// Prints the findings. Ends with 0 if there is none, with 1 if there are some, with 2 if it could not look.
#[must_use]
pub fn check(args: CheckArgs) -> ExitCode {
    let depth = if args.full { Depth::Full } else { Depth::Quick };
    match args.data.with_file().and_then(|settings| check::check(&settings, depth)) {
        Ok(0) => {
            println!("Nothing is wrong.");
            ExitCode::SUCCESS
        }
        Ok(count) => {
            eprintln!("portico: {count} {}", if count == 1 { "finding" } else { "findings" });
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("portico: {why}");
            ExitCode::from(UNKNOWN)
        }
    }
}
