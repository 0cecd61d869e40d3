//! A file of JSON lines. It may be rotated by renaming it: the next events go into a new one.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

use kernel::forwarding::Parcel;
use rustix::fs::OFlags;

/// Number of bytes per read while the end of the last whole line is looked for.
const BYTES_AT_ONCE: u64 = 64 * 1024;

pub(super) struct FileSink {
    path: PathBuf,
    open: Option<File>,
}

impl FileSink {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, open: None }
    }

    /// Appends the events, and returns when they are on disk. After a failure the file ends with a whole line when it is
    /// written again.
    pub(super) fn append(&mut self, parcel: &Parcel) -> io::Result<()> {
        let mut file = match self.open.take() {
            Some(file) if self.is_at_path(&file) => file,
            Some(_) | None => self.open()?,
        };
        let mut lines = Vec::new();
        for event in &parcel.events {
            lines.extend_from_slice(event.line.as_bytes());
            lines.push(b'\n');
        }
        file.write_all(&lines)?;
        file.sync_data()?;
        self.open = Some(file);
        Ok(())
    }

    fn is_at_path(&self, file: &File) -> bool {
        let place =
            |found: io::Result<std::fs::Metadata>| found.map(|it| (it.dev(), it.ino())).ok();
        let opened = place(file.metadata());
        opened.is_some() && opened == place(self.path.metadata())
    }

    fn open(&self) -> io::Result<File> {
        // A pipe without a reader would hold the thread up.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600).custom_flags(flags);
        let mut file = options.open(&self.path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a file"));
        }
        cut_unfinished_line(&mut file)?;
        // The name of a new file is on disk before anything relies on it.
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(file)
    }
}

/// Removes the beginning of a line at the end, which a kill or a full disk left.
fn cut_unfinished_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let mut end = length;
    while end > 0 {
        let begin = end.saturating_sub(BYTES_AT_ONCE);
        file.seek(SeekFrom::Start(begin))?;
        let mut bytes = Vec::new();
        Read::take(&mut *file, end - begin).read_to_end(&mut bytes)?;
        if let Some(place) = bytes.iter().rposition(|byte| *byte == b'\n') {
            end = begin + u64::try_from(place).map_err(io::Error::other)? + 1;
            break;
        }
        end = begin;
    }
    if end < length { file.set_len(end) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use kernel::forwarding::ParcelEvent;

    use super::*;

    fn parcel(lines: &[&str]) -> Parcel {
        let event = |line: &&str| ParcelEvent {
            id: String::new(),
            at_ms: 0,
            name: String::new(),
            is_failure: false,
            line: (*line).to_owned(),
        };
        Parcel { events: lines.iter().map(event).collect(), ..Parcel::default() }
    }

    #[test]
    fn a_file_that_was_renamed_is_followed_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        let mut sink = FileSink::new(path.clone());
        sink.append(&parcel(&["1", "2"])).unwrap();
        sink.append(&parcel(&["3"])).unwrap();
        let (rotated, removed) = (folder.path().join("audit.jsonl.1"), "4\n");
        fs::rename(&path, &rotated).unwrap();
        sink.append(&parcel(&["4"])).unwrap();
        assert_eq!(fs::read_to_string(&rotated).unwrap(), "1\n2\n3\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), removed);
        fs::remove_file(&path).unwrap();
        sink.append(&parcel(&["5"])).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "5\n");
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_line_that_was_not_finished_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        let long = "x".repeat(150_000);
        for (before, after) in [
            ("1\n{\"half".to_owned(), "1\n2\n".to_owned()),
            ("{\"half".to_owned(), "2\n".to_owned()),
            (format!("1\n{long}"), "1\n2\n".to_owned()),
            (format!("{long}\n"), format!("{long}\n2\n")),
            (String::new(), "2\n".to_owned()),
        ] {
            fs::write(&path, before).unwrap();
            FileSink::new(path.clone()).append(&parcel(&["2"])).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after);
        }
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: PathBuf| FileSink::new(path).append(&parcel(&["1"])).unwrap_err();
        let pipe = folder.path().join("pipe");
        let owner = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, owner, 0).unwrap();
        assert_eq!(refused(pipe).to_string(), "it is not a file");
        assert!(refused(folder.path().join("missing/audit.jsonl")).kind() == ErrorKind::NotFound);
    }
}
