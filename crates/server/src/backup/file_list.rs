//! The list of the files of objects in a backup, one line a file: `<sha256>  objects/<2 digits>/<32 digits>`, by name.

use std::io::{BufRead, BufReader, Read};

use model::object::BlobId;

/// A file, and the digest of its bytes in hexadecimal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Listed {
    pub(super) id: BlobId,
    pub(super) sha256: String,
}

/// The name of a file in a backup, and in a data folder.
pub(super) fn name(id: &BlobId) -> String {
    let text = id.as_str();
    format!("objects/{}/{text}", text.get(..2).unwrap_or_default())
}

impl Listed {
    /// The line, as `sha256sum --check` reads it.
    pub(super) fn line(&self) -> String {
        format!("{}  {}\n", self.sha256, name(&self.id))
    }

    /// Reads a line.
    fn parse(line: &str) -> Option<Self> {
        let (sha256, file) = line.split_once("  ")?;
        let is_digit = |letter: char| letter.is_ascii_digit() || ('a'..='f').contains(&letter);
        if sha256.len() != 64 || !sha256.chars().all(is_digit) {
            return None;
        }
        let id: BlobId = file.rsplit('/').next()?.parse().ok()?;
        (name(&id) == file).then(|| Self { id, sha256: sha256.to_owned() })
    }
}

/// Reads the lines of a list.
pub(super) fn lines(list: Box<dyn Read>) -> impl Iterator<Item = Result<Listed, String>> {
    BufReader::new(list).lines().map(|line| {
        let line = line.map_err(|error| format!("the list of files: {error}"))?;
        Listed::parse(&line)
            .ok_or_else(|| "the list of files has a line of another form".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_line_reads_back_as_it_was_written(digits in "[0-9a-f]{32}", sha256 in "[0-9a-f]{64}") {
            let listed = Listed { id: digits.parse().unwrap(), sha256 };
            prop_assert_eq!(Listed::parse(listed.line().trim_end()), Some(listed));
        }

        #[test]
        fn no_line_leads_elsewhere(line in ".{0,120}") {
            if let Some(listed) = Listed::parse(&line) {
                let written = listed.line();
                prop_assert_eq!(written.trim_end(), line);
            }
        }
    }

    #[test]
    fn lines_of_another_form_are_refused() {
        let sha256 = "0".repeat(64);
        for file in ["objects/../x", "objects/ab/cd", "/etc/passwd", ""] {
            assert_eq!(Listed::parse(&format!("{sha256}  {file}")), None, "{file}");
        }
    }
}
