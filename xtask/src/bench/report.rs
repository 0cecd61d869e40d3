//! The table of results, on the screen and in `docs/benchmarks.md`.

use std::fmt::Write as _;

/// The goal of a number.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

/// One line of the table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub what: String,
    /// Number of users; none where it does not matter.
    pub users: Option<u32>,
    pub measured: String,
    /// The value that the goal is about, in `unit`.
    pub value: Option<f64>,
    pub unit: &'static str,
    pub goal: Option<Goal>,
    /// The reason why the goal is missed, or why nothing was measured.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    Reached,
    Short,
    /// The line has a goal and no number.
    Unmeasured,
    /// The line has a number and no goal.
    Told,
}

impl Row {
    /// A line without a goal.
    pub fn told(what: &str, users: Option<u32>, measured: String) -> Self {
        Self { what: what.to_owned(), users, measured, ..Self::default() }
    }

    /// A line that could not be measured.
    pub fn unmeasured(what: &str, users: Option<u32>, reason: String) -> Self {
        Self { what: what.to_owned(), users, reason, ..Self::default() }
    }

    /// Compares a value with a goal; `reason` is shown if the goal is missed.
    pub fn held(mut self, value: f64, unit: &'static str, goal: Goal, reason: &str) -> Self {
        (self.value, self.unit, self.goal) = (Some(value), unit, Some(goal));
        reason.clone_into(&mut self.reason);
        self
    }

    /// A line with a value and a unit, without a goal.
    pub fn beside(mut self, value: f64, unit: &'static str) -> Self {
        (self.value, self.unit) = (Some(value), unit);
        self
    }

    pub fn verdict(&self) -> Verdict {
        let missing = if self.reason.is_empty() { Verdict::Told } else { Verdict::Unmeasured };
        match (self.value, self.goal) {
            (Some(value), Some(Goal::AtMost(most))) if value <= most => Verdict::Reached,
            (Some(value), Some(Goal::AtLeast(least))) if value >= least => Verdict::Reached,
            (Some(_), Some(_)) => Verdict::Short,
            (_, None) | (None, _) => missing,
        }
    }

    fn cells(&self) -> [String; 6] {
        let users = self.users.map(grouped).unwrap_or_default();
        let value = self.value.map(|value| format!("{} {}", number(value), self.unit));
        let goal = match self.goal {
            Some(Goal::AtMost(most)) => format!("≤ {most}"),
            Some(Goal::AtLeast(least)) => format!("≥ {least}"),
            None => String::new(),
        };
        let verdict = match self.verdict() {
            Verdict::Reached => "reached".to_owned(),
            Verdict::Short => format!("SHORT: {}", self.reason),
            Verdict::Unmeasured => format!("not measured: {}", self.reason),
            Verdict::Told => String::new(),
        };
        let value = value.unwrap_or_default();
        [self.what.clone(), users, self.measured.clone(), value, goal, verdict]
    }
}

/// The table, in Markdown with aligned columns.
pub fn table(rows: &[Row]) -> String {
    let titles = ["what", "users", "measured", "ratio", "goal", ""].map(str::to_owned);
    let mut lines = vec![titles];
    lines.extend(rows.iter().map(Row::cells));
    let mut widths = [0; 6];
    for line in &lines {
        // The last column is not padded.
        for (width, cell) in widths.iter_mut().zip(line).take(5) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(widths) {
            // Writing to a string cannot fail.
            let _ = write!(text, "| {cell:width$} ");
        }
        text.push_str("|\n");
        if number == 0 {
            for width in widths {
                let _ = write!(text, "|{:-<1$}", "", width + 2);
            }
            text.push_str("|\n");
        }
    }
    text
}

/// A number with three significant digits.
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

/// Formats 200000 as 200,000.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_reached_at_its_bound_and_short_beyond() {
        let row = |value, goal| Row::told("x", None, String::new()).held(value, "×", goal, "why");
        assert_eq!(row(3.0, Goal::AtMost(3.0)).verdict(), Verdict::Reached);
        assert_eq!(row(3.1, Goal::AtMost(3.0)).verdict(), Verdict::Short);
        assert_eq!(row(0.9, Goal::AtLeast(0.9)).verdict(), Verdict::Reached);
        assert_eq!(row(f64::NAN, Goal::AtLeast(0.9)).verdict(), Verdict::Short);
        assert_eq!(Row::unmeasured("x", None, "no".to_owned()).verdict(), Verdict::Unmeasured);
    }

    #[test]
    fn what_is_short_says_why() {
        let row = Row::told("reads", Some(200_000), "90 µs".to_owned());
        let text = table(&[row.held(3.25, "× bare", Goal::AtMost(3.0), "logs")]);
        assert!(
            text.ends_with("| reads | 200,000 | 90 µs    | 3.25 × bare | ≤ 3  | SHORT: logs |\n"),
            "{text}"
        );
    }
}
