//! A file of the archive: one zstd frame with a line for each digest, between a first and a last line.
//!
//! `zstd -dc FILE` shows the lines, so that the events can be read without Portico, too.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};

use model::Fault;
use serde::{Deserialize, Serialize};
use zstd::stream::read::Decoder;
use zstd::stream::write::Encoder;

use super::Block;

/// Name of the form in the first line. A change of the form is another name.
const FORM: &str = "portico audit archive 1";

/// Compression level: higher ones take many times as long for a tenth less.
const LEVEL: i32 = 9;

/// Binary logarithm of the largest window of a file that is read. It is memory of the reader.
const WINDOW_LOG_MAX: u32 = 23;

/// Maximum number of bytes of a line.
const LINE_BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, Deserialize, Serialize)]
struct First {
    form: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct Last {
    digests: u64,
    events: u64,
}

/// File that is being written.
pub struct FileWriter<W: Write> {
    out: Encoder<'static, W>,
    counted: Last,
}

impl<W: Write> FileWriter<W> {
    pub fn new(out: W) -> Result<Self, Fault> {
        let mut out = Encoder::new(out, LEVEL).map_err(writing)?;
        out.include_checksum(true).map_err(writing)?;
        let mut writer = Self { out, counted: Last { digests: 0, events: 0 } };
        writer.line(&json(&First { form: FORM.to_owned() })?)?;
        Ok(writer)
    }

    pub fn add(&mut self, block: &Block) -> Result<(), Fault> {
        self.counted.digests += 1;
        self.counted.events += block.events.len() as u64;
        self.line(&block.to_line()?)
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<W, Fault> {
        let last = json(&self.counted)?;
        self.line(&last)?;
        self.out.finish().map_err(writing)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        self.out.write_all(line).and_then(|()| self.out.write_all(b"\n")).map_err(writing)
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(value).map_err(|why| Fault::broken_at("writing an archived line", why))
}

fn writing(error: io::Error) -> Fault {
    Fault::broken_at("writing a file of the audit archive", error)
}

/// Why a file cannot be read any further.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flaw(pub String);

/// Reader of a file.
pub struct FileReader<R: Read> {
    lines: BufReader<Decoder<'static, BufReader<R>>>,
    line: Vec<u8>,
    counted: Last,
}

impl<R: Read> FileReader<R> {
    pub fn new(file: R) -> Result<Self, Flaw> {
        let mut decoder = Decoder::new(file).map_err(flaw)?;
        decoder.window_log_max(WINDOW_LOG_MAX).map_err(flaw)?;
        let lines = BufReader::new(decoder);
        let mut reader = Self { lines, line: Vec::new(), counted: Last { digests: 0, events: 0 } };
        reader.read_line()?;
        match serde_json::from_slice::<First>(&reader.line) {
            Ok(First { form }) if form == FORM => Ok(reader),
            Ok(_) => Err(Flaw("it has a form that this version does not know".to_owned())),
            Err(_) => Err(Flaw("it does not begin like a file of the archive".to_owned())),
        }
    }

    /// Reads the next digest with its events; `None` at the end of a complete file.
    pub fn read(&mut self) -> Result<Option<Block>, Flaw> {
        self.read_line()?;
        if let Some(block) = Block::from_line(&self.line) {
            self.counted.digests += 1;
            self.counted.events += block.events.len() as u64;
            return Ok(Some(block));
        }
        let is_last = serde_json::from_slice::<Last>(&self.line).is_ok_and(|last| {
            (last.digests, last.events) == (self.counted.digests, self.counted.events)
        });
        if !is_last {
            return Err(Flaw("a line of it is none of a digest".to_owned()));
        }
        if !self.lines.fill_buf().map_err(flaw)?.is_empty() {
            return Err(Flaw("it goes on behind its end".to_owned()));
        }
        Ok(None)
    }

    fn read_line(&mut self) -> Result<(), Flaw> {
        self.line.clear();
        let mut part = self.lines.by_ref().take(LINE_BYTES_MAX);
        part.read_until(b'\n', &mut self.line).map_err(flaw)?;
        if self.line.pop() == Some(b'\n') {
            return Ok(());
        }
        Err(Flaw("it ends too early".to_owned()))
    }
}

fn flaw(error: impl fmt::Display) -> Flaw {
    Flaw(error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::block::tests::block;
    use super::*;

    fn written(blocks: &[Block]) -> Vec<u8> {
        let mut writer = FileWriter::new(Vec::new()).unwrap();
        for block in blocks {
            writer.add(block).unwrap();
        }
        writer.finish().unwrap()
    }

    fn blocks_of(bytes: &[u8]) -> Result<Vec<Block>, Flaw> {
        let mut reader = FileReader::new(bytes)?;
        let mut blocks = Vec::new();
        while let Some(block) = reader.read()? {
            blocks.push(block);
        }
        Ok(blocks)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn a_file_reads_back(blocks in proptest::collection::vec(block(), 0..4)) {
            prop_assert_eq!(blocks_of(&written(&blocks)), Ok(blocks));
        }

        #[test]
        fn a_file_that_was_cut_or_changed_shows(
            blocks in proptest::collection::vec(block(), 1..3),
            place in any::<prop::sample::Index>(),
            bit in 0_u8..8,
        ) {
            let mut bytes = written(&blocks);
            let place = place.index(bytes.len());
            prop_assert!(blocks_of(&bytes[..place]).is_err());
            bytes[place] ^= 1_u8 << bit;
            // A bit of the frame's head can be of no consequence. The digests are proved anyway.
            prop_assert!(blocks_of(&bytes).is_ok_and(|found| found == blocks) || blocks_of(&bytes).is_err());
            bytes[place] ^= 1_u8 << bit;
            bytes.extend(written(&blocks));
            prop_assert!(blocks_of(&bytes).is_err());
        }
    }

    #[test]
    fn what_is_no_file_of_the_archive_is_refused() {
        let compressed = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
        let first = format!("{{\"form\":\"{FORM}\"}}\n");
        for (bytes, why) in [
            (b"no zstd at all".to_vec(), "Unknown frame descriptor"),
            (Vec::new(), "incomplete"),
            (compressed("{}\n"), "does not begin"),
            (compressed("{\"form\":\"portico audit archive 9\"}\n"), "does not know"),
            (compressed(&format!("{first}{{}}\n")), "none of a digest"),
            (compressed(&format!("{first}{{\"digests\":1,\"events\":0}}\n")), "none of a digest"),
            (compressed(&first), "too early"),
            (compressed(&format!("{first}{{\"digests\":0,\"events\":0}}\nx")), "behind its end"),
        ] {
            let Err(Flaw(found)) = blocks_of(&bytes) else { panic!("{why}") };
            assert!(found.contains(why), "{found}");
        }
    }
}
