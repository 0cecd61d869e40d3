//! SHA-256 of what passes through a reader.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::meter::Meter;

/// A reader that digests what it reads, through the meter of a backup.
pub(super) struct Digesting<'a, R> {
    from: R,
    meter: &'a mut Meter,
    digest: Sha256,
    bytes: u64,
}

/// Length and SHA-256 of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Digested {
    pub(super) bytes: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

impl<'a, R: Read> Digesting<'a, R> {
    pub(super) fn new(from: R, meter: &'a mut Meter) -> Self {
        Self { from, meter, digest: Sha256::new(), bytes: 0 }
    }

    pub(super) fn finish(self) -> Digested {
        Digested { bytes: self.bytes, sha256: hexadecimal(&self.digest.finalize()) }
    }
}

impl<R: Read> Read for Digesting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(buffer)?;
        self.digest.update(buffer.get(..length).unwrap_or_default());
        self.bytes += length as u64;
        self.meter.passed(length as u64);
        Ok(length)
    }
}

/// The digest of all that a reader has.
pub(super) fn digest(from: impl Read, meter: &mut Meter) -> io::Result<Digested> {
    let mut reader = Digesting::new(from, meter);
    io::copy(&mut reader, &mut io::sink())?;
    Ok(reader.finish())
}

/// The SHA-256 of bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}
