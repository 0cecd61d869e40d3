//! The options of `cargo xtask bench`.

use std::time::Duration;

pub const USAGE: &str = "\
usage: cargo xtask bench [--quick] [--debug] [--record] [--gate] [--build] [--users N,N,…]
       [--scale SETUP,…] [--bulk SETUP,…] [--decisions]
  --quick   short slices, 1,000 users, peers only if they can be had
  --debug   without the release profile: shows that each row can be measured, not how it is
  --record  append the result to docs/benchmarks.md
  --gate    fail if a goal is missed
  --build   time a clean release build, too
  --users   how many users, in growing numbers
  --scale   pages and operations in a large store beside a small one instead, on each
            of sqlite, postgres (one server) and nodes (three servers)
  --bulk    100,000 account assignments at once instead, on each of the same setups
  --decisions
            the decisions of policies alone, without a server";

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Options {
    pub quick: bool,
    pub debug: bool,
    pub record: bool,
    pub gate: bool,
    pub build: bool,
    pub users: Vec<u32>,
    pub decisions: bool,
    /// Names of setups; none for the usual measurements.
    pub scale: Vec<String>,
    /// Names of setups, as of `scale`.
    pub bulk: Vec<String>,
    /// Number of slices of each kind. The result is their median.
    pub slices: u32,
    pub slice: Duration,
}

impl Options {
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Self {
            quick: false,
            debug: false,
            record: false,
            gate: false,
            build: false,
            decisions: false,
            users: Vec::new(),
            scale: Vec::new(),
            bulk: Vec::new(),
            slices: 5,
            slice: Duration::from_secs(1),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--quick" => options.quick = true,
                "--debug" => options.debug = true,
                "--record" => options.record = true,
                "--gate" => options.gate = true,
                "--build" => options.build = true,
                "--decisions" => options.decisions = true,
                "--users" => options.users = numbers(words.next().copied().unwrap_or_default())?,
                "--scale" => options.scale = names(words.next()),
                "--bulk" => options.bulk = names(words.next()),
                _ => return Err(USAGE.to_owned()),
            }
        }
        if options.debug && (options.record || options.gate) {
            return Err("--debug is neither recorded nor a gate".to_owned());
        }
        if options.quick {
            options.slices = 3;
            options.slice = Duration::from_millis(400);
        }
        if options.users.is_empty() {
            options.users = if options.quick { vec![1_000] } else { vec![1_000, 20_000, 200_000] };
        }
        Ok(options)
    }
}

fn names(word: Option<&&str>) -> Vec<String> {
    word.copied().unwrap_or_default().split(',').map(str::to_owned).collect()
}

fn numbers(text: &str) -> Result<Vec<u32>, String> {
    let numbers: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
    let numbers = numbers.map_err(|_| USAGE.to_owned())?;
    if numbers.is_sorted() { Ok(numbers) } else { Err(USAGE.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_only_grow() {
        assert_eq!(Options::parse(&["--users", "10,20"]).unwrap().users, [10, 20]);
        assert!(Options::parse(&["--users", "20,10"]).is_err());
        assert!(Options::parse(&["--users"]).is_err());
        assert!(Options::parse(&["--fast"]).is_err());
        assert!(Options::parse(&["--debug", "--record"]).is_err());
    }
}
