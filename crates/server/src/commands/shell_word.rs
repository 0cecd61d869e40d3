//! Paths in the commands that a server prints.

use std::path::Path;

/// This program, as a word of a shell. The search path of who reads this may be another one.
pub(super) fn program() -> String {
    std::env::current_exe().map_or_else(|_| "portico".to_owned(), |path| quoted(&path))
}

/// The command that prints the keys of administrators, for `credential_process`.
pub(super) fn credential_process(data: &Path) -> String {
    // Absolute, because profiles are used from other folders.
    let data = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    format!("{} admin credentials --data {}", program(), quoted(&data))
}

/// A path as one word of a shell, and of the value of `credential_process`.
// Clients give that value to a shell, or split it as shlex of Python does: both know these quotes.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-' | '+' | '@')
    };
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_blanks_stays_one_word() {
        for (path, word) in [
            ("/var/lib/portico", "/var/lib/portico"),
            ("/my data/portico", "'/my data/portico'"),
            ("/it's $HOME", r"'/it'\''s $HOME'"),
        ] {
            assert_eq!(quoted(Path::new(path)), word);
        }
    }
}
