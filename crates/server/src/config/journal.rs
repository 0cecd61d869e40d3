//! The journal of systemd, as an output of this process.
//!
//! systemd.exec(5): `JOURNAL_STREAM` has the device and the inode of the connection.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;

/// Tells whether standard output goes to the journal, which keeps it for everyone who may read the journal.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the variable is systemd's and no setting")]
pub fn writes_to_journal() -> bool {
    is_journal(std::io::stdout().as_fd(), std::env::var("JOURNAL_STREAM").ok().as_deref())
}

fn is_journal(output: BorrowedFd<'_>, journal_stream: Option<&str>) -> bool {
    let metadata = output.try_clone_to_owned().map(File::from).and_then(|file| file.metadata());
    let stream = metadata.map(|metadata| format!("{}:{}", metadata.dev(), metadata.ino()));
    stream.is_ok_and(|stream| journal_stream == Some(stream.as_str()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn the_journal_is_told_from_other_outputs() {
        // systemd connects services to the journal by such a stream.
        let (stream, other) = UnixStream::pair().unwrap();
        let name = |stream: &UnixStream| {
            let file = File::from(stream.as_fd().try_clone_to_owned().unwrap());
            let metadata = file.metadata().unwrap();
            format!("{}:{}", metadata.dev(), metadata.ino())
        };
        assert!(is_journal(stream.as_fd(), Some(&name(&stream))));
        assert!(!is_journal(stream.as_fd(), Some(&name(&other))));
        assert!(!is_journal(stream.as_fd(), None));
    }
}
