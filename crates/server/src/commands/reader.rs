//! The reader of a command's output, who may stop before the end (`| head`).

use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Output that remembers whether its reader has stopped.
pub(super) struct Reader<W> {
    out: W,
    has_enough: bool,
}

impl<W: Write> Reader<W> {
    pub(super) fn of(out: W) -> Self {
        Self { out, has_enough: false }
    }

    pub(super) fn has_enough(&self) -> bool {
        self.has_enough
    }
}

impl<W: Write> Write for Reader<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.has_enough |= written.as_ref().is_err_and(|why| why.kind() == ErrorKind::BrokenPipe);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Tells whether the reader of a pipe or a socket has stopped.
pub(super) fn has_stopped(out: &impl AsFd) -> bool {
    let mut watched = [PollFd::new(out, PollFlags::empty())];
    let ends = PollFlags::ERR | PollFlags::HUP;
    poll(&mut watched, Some(&Timespec::default())).is_ok()
        && watched.iter().any(|fd| fd.revents().intersects(ends))
}
