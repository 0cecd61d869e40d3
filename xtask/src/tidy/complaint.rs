//! A complaint: where a rule is broken, and how.

use std::fmt;

use super::tree::File;

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Complaint {
    pub path: String,
    /// Counted from 1; 0 for the file as a whole.
    pub line: usize,
    pub text: String,
}

impl Complaint {
    pub fn of_file(file: &File, text: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line: 0, text: text.into() }
    }

    /// `number` counts from 0, as `enumerate` does.
    pub fn of_line(file: &File, number: usize, text: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line: number + 1, text: text.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}
