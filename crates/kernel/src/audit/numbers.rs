//! Sets of running numbers, one for each lane, kept as runs.

use std::collections::BTreeMap;

/// Maximum number of runs of all lanes together. A log that nobody has changed has few more runs
/// than lanes.
const RUNS_MAX: usize = 100_000;

/// The numbers that the events of a log have, by lane.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: BTreeMap<String, Numbers>,
    runs: usize,
}

/// What a number was to its lane.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Added {
    New,
    Double,
    /// The number is not kept, because the lanes have too many gaps already.
    TooMany,
}

impl Lanes {
    pub(super) fn add(&mut self, writer: &str, number: i64) -> Added {
        let numbers = match self.lanes.get_mut(writer) {
            Some(numbers) => numbers,
            None if self.runs >= RUNS_MAX => return Added::TooMany,
            None => self.lanes.entry(writer.to_owned()).or_default(),
        };
        let before = numbers.runs.len();
        if numbers.contains(number) {
            return Added::Double;
        }
        if self.runs >= RUNS_MAX && !numbers.touches(number) {
            return Added::TooMany;
        }
        numbers.insert(number);
        self.runs = self.runs + numbers.runs.len() - before;
        Added::New
    }

    /// Calls `found` with each run of numbers from 1 on that a lane lacks before its last number.
    pub(super) fn gaps(&self, mut found: impl FnMut(&str, i64, i64)) {
        for writer in self.lanes.keys() {
            self.lacking(writer, 0, self.last(writer), |first, last| found(writer, first, last));
        }
    }

    /// Calls `found` with each run of numbers after `after` and up to `last` that a lane lacks.
    pub(super) fn lacking(
        &self,
        writer: &str,
        after: i64,
        last: i64,
        mut found: impl FnMut(i64, i64),
    ) {
        let mut covered = after;
        let none = BTreeMap::new();
        let runs = self.lanes.get(writer).map_or(&none, |numbers| &numbers.runs);
        for (first, end) in runs {
            if covered >= last || *first > last {
                break;
            }
            if first - 1 > covered {
                found(covered + 1, first - 1);
            }
            covered = covered.max(*end);
        }
        if covered < last {
            found(covered + 1, last);
        }
    }

    /// Returns the last number of a lane; 0 if there is none.
    pub(super) fn last(&self, writer: &str) -> i64 {
        let numbers = self.lanes.get(writer);
        numbers.and_then(|numbers| numbers.runs.values().next_back()).copied().unwrap_or(0)
    }

    /// Returns the last of the numbers that follow `after` without a gap; `after` if none does.
    pub(super) fn end_of_run(&self, writer: &str, after: i64) -> i64 {
        let next = after.saturating_add(1);
        let numbers = self.lanes.get(writer).filter(|numbers| numbers.contains(next));
        numbers.and_then(|numbers| numbers.run_before(next)).map_or(after, |(_, last)| last)
    }
}

/// Numbers as runs: each key is the first of a run, and its value the last.
#[derive(Debug, Default)]
struct Numbers {
    runs: BTreeMap<i64, i64>,
}

impl Numbers {
    fn contains(&self, number: i64) -> bool {
        self.run_before(number).is_some_and(|(_, last)| last >= number)
    }

    /// Tells whether the number makes a run longer.
    fn touches(&self, number: i64) -> bool {
        let after = number.checked_add(1);
        self.run_before(number).is_some_and(|(_, last)| last.checked_add(1) == Some(number))
            || after.is_some_and(|after| self.runs.contains_key(&after))
    }

    /// Adds a number that is not there.
    fn insert(&mut self, number: i64) {
        let before = self.run_before(number);
        let first = before
            .filter(|(_, last)| last.checked_add(1) == Some(number))
            .map_or(number, |(first, _)| first);
        let after = number.checked_add(1).and_then(|after| self.runs.remove(&after));
        self.runs.insert(first, after.unwrap_or(number));
    }

    fn run_before(&self, number: i64) -> Option<(i64, i64)> {
        self.runs.range(..=number).next_back().map(|(first, last)| (*first, *last))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gaps(lanes: &Lanes) -> Vec<(i64, i64)> {
        let mut gaps = Vec::new();
        lanes.gaps(|_, first, last| gaps.push((first, last)));
        gaps
    }

    #[test]
    fn gaps_and_doubles_are_found_in_any_order() {
        let mut lanes = Lanes::default();
        for number in [5, 1, 2, 9] {
            assert_eq!(lanes.add("a", number), Added::New);
        }
        assert_eq!(lanes.add("a", 2), Added::Double);
        assert_eq!(gaps(&lanes), [(3, 4), (6, 8)]);
        assert_eq!((lanes.last("a"), lanes.last("b")), (9, 0));
        assert_eq!(
            [0, 1, 2, 4, 8, 9].map(|after| lanes.end_of_run("a", after)),
            [2, 2, 2, 5, 9, 9]
        );
        assert_eq!(lanes.end_of_run("b", 7), 7);
        let lacking = |writer, after, last| {
            let mut lacking = Vec::new();
            lanes.lacking(writer, after, last, |first, last| lacking.push((first, last)));
            lacking
        };
        assert_eq!(lacking("a", 3, 12), [(4, 4), (6, 8), (10, 12)]);
        assert_eq!(lacking("a", 6, 7), [(7, 7)]);
        assert_eq!((lacking("a", 0, 2), lacking("b", 2, 4)), (vec![], vec![(3, 4)]));
        assert_eq!(lacking("b", 4, 4), []);
        assert_eq!(lanes.runs, 3);
        for number in [4, 3, 7, 6, 8] {
            assert_eq!(lanes.add("a", number), Added::New);
        }
        assert_eq!((gaps(&lanes), lanes.runs), (Vec::new(), 1));
        assert_eq!(lanes.add("a", i64::MAX), Added::New);
        assert_eq!(gaps(&lanes), [(10, i64::MAX - 1)]);
    }

    #[test]
    fn the_number_of_runs_is_bounded() {
        let mut lanes = Lanes { runs: RUNS_MAX - 1, ..Lanes::default() };
        assert_eq!(lanes.add("a", 1), Added::New);
        assert_eq!(lanes.add("a", 3), Added::TooMany);
        assert_eq!(lanes.add("b", 1), Added::TooMany);
        assert_eq!(lanes.add("a", 2), Added::New);
        assert_eq!(lanes.runs, RUNS_MAX);
    }

    proptest! {
        #[test]
        fn runs_hold_the_numbers_of_a_set(numbers in proptest::collection::vec(1_i64..40, 0..60)) {
            let mut lanes = Lanes::default();
            let mut set = std::collections::BTreeSet::new();
            for number in numbers {
                let is_new = lanes.add("a", number) == Added::New;
                prop_assert_eq!(is_new, set.insert(number));
            }
            let last = set.last().copied().unwrap_or(0);
            let lacking: Vec<i64> =
                gaps(&lanes).iter().flat_map(|(first, last)| *first..=*last).collect();
            let expected: Vec<i64> = (1..last).filter(|number| !set.contains(number)).collect();
            prop_assert_eq!(lacking, expected);
        }
    }
}
