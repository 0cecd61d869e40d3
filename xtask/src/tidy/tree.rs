//! The files of the project that are text.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

pub struct File {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

pub struct Tree {
    pub files: Vec<File>,
    /// Paths of binary files: pictures.
    pub others: Vec<String>,
}

impl Tree {
    /// Reads the files that Git tracks or would track at `root`. Files that are not UTF-8 are binary.
    pub fn read(root: &Path) -> Result<Self, String> {
        let mut git = Command::new("git");
        git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
        let listed = git.current_dir(root).output().map_err(|why| format!("git: {why}"))?;
        if !listed.status.success() {
            let why = String::from_utf8_lossy(&listed.stderr);
            return Err(format!("tidy asks Git which files there are, and it says: {why}"));
        }
        let listed = String::from_utf8_lossy(&listed.stdout);
        let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
        paths.sort_unstable();
        paths.dedup();
        let (mut files, mut others) = (Vec::new(), Vec::new());
        for path in paths {
            match std::fs::read_to_string(root.join(path)) {
                Ok(text) => files.push(File { path: path.to_owned(), text }),
                Err(why) if why.kind() == ErrorKind::InvalidData => others.push(path.to_owned()),
                // A tracked file that was deleted cannot be read.
                Err(_) => {}
            }
        }
        Ok(Self { files, others })
    }

    pub fn find(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files whose paths end with `ending`.
    pub fn ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.ends_with(ending))
    }
}

impl File {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// Tells whether the first line names an interpreter.
    pub fn is_script(&self) -> bool {
        self.text.starts_with("#!") && !self.text.starts_with("#![")
    }

    /// The first comment of the file, if it stands before any code.
    pub fn header(&self) -> String {
        let lines = self.text.lines().map(str::trim);
        let mut lines = lines.skip_while(|line| line.starts_with("#!") && !line.starts_with("#!["));
        let Some(first) = lines.next() else { return String::new() };
        let marks = ["//!", "//", "--", "#", "/*", "*", "\"\"\""];
        let Some(mark) = marks.iter().find(|mark| first.starts_with(**mark)) else {
            return String::new();
        };
        let is_block = matches!(*mark, "/*" | "\"\"\"");
        let mut header = vec![first];
        if is_block && first.len() > mark.len() && first.ends_with(end_of(mark)) {
            return header.concat();
        }
        for line in lines {
            if !is_block && !line.starts_with(mark) {
                break;
            }
            header.push(line);
            if is_block && line.ends_with(end_of(mark)) {
                break;
            }
        }
        header.join("\n")
    }
}

fn end_of(mark: &str) -> &str {
    if mark == "/*" { "*/" } else { mark }
}

#[cfg(test)]
impl Tree {
    /// A tree of these files, for tests.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self { files: files.iter().map(file).collect(), others: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> String {
        File { path: "x".to_owned(), text: text.to_owned() }.header()
    }

    #[test]
    fn a_header_is_the_first_comment_whatever_the_language() {
        assert_eq!(header("//! One.\n//! Two.\n\nuse x;"), "//! One.\n//! Two.");
        assert_eq!(header("-- Tables.\nCREATE"), "-- Tables.");
        assert_eq!(header("#!/bin/sh\n# Runs.\nset -e"), "# Runs.");
        assert_eq!(
            header("\"\"\"Asks.\n\nMore.\n\"\"\"\nimport os"),
            "\"\"\"Asks.\n\nMore.\n\"\"\""
        );
        assert_eq!(header("\"\"\"Asks.\"\"\"\nimport os\n"), "\"\"\"Asks.\"\"\"");
        assert_eq!(header("/* Colours. */\na { }"), "/* Colours. */");
    }

    #[test]
    fn code_before_the_comment_means_no_header() {
        assert_eq!(header("use x;\n//! Late."), "");
        assert_eq!(header("#!/bin/sh\nset -e\n# Late."), "");
        assert_eq!(header(""), "");
    }
}
