//! The stream of an object's bytes to a client, piece by piece from its files.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use model::Fault;
use model::object::BlobId;
use s3s::StdError;
use s3s::stream::{ByteStream, RemainingLength};
use tracing::Span;

use crate::blobs::{Blobs, read_exact_at};
use crate::disk::Disk;

/// Number of bytes read at a time. The next piece is read once the client has taken the last one, so a
/// slow client holds one piece.
const PIECE_BYTES: u64 = 128 * 1024;

/// Bytes of one file.
#[derive(Debug)]
pub struct Extent {
    pub source: Source,
    pub bytes: Range<u64>,
}

/// A file that is open already, or is opened when it is read.
#[derive(Debug)]
pub enum Source {
    Open(Arc<File>),
    Named(BlobId),
}

/// A stream of exactly the bytes of its extents.
pub struct Download {
    disk: Disk,
    blobs: Arc<Blobs>,
    extents: VecDeque<Extent>,
    remaining: u64,
    /// The span of the request, which is answered when the bytes are read.
    span: Span,
    reading: Option<Reading>,
}

type Reading = Pin<Box<dyn Future<Output = Result<Bytes, Fault>> + Send + Sync>>;

impl Download {
    #[must_use]
    pub fn new(disk: Disk, blobs: Arc<Blobs>, extents: Vec<Extent>) -> Self {
        let length = |extent: &Extent| extent.bytes.end.saturating_sub(extent.bytes.start);
        let remaining = extents.iter().map(length).sum();
        Self {
            disk,
            blobs,
            extents: extents.into(),
            remaining,
            span: Span::current(),
            reading: None,
        }
    }

    /// A future that reads the next piece, if there is one.
    fn next_reading(&mut self) -> Option<Reading> {
        while self.extents.front().is_some_and(|extent| extent.bytes.is_empty()) {
            self.extents.pop_front();
        }
        let extent = self.extents.front_mut()?;
        let start = extent.bytes.start;
        let length = PIECE_BYTES.min(extent.bytes.end - start);
        extent.bytes.start += length;
        let (disk, blobs) = (self.disk.clone(), Arc::clone(&self.blobs));
        let source = match &extent.source {
            Source::Open(file) => Source::Open(Arc::clone(file)),
            Source::Named(id) => Source::Named(id.clone()),
        };
        Some(Box::pin(async move { disk.run(move || read(&blobs, source, start, length)).await? }))
    }

    fn poll_reading(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Fault>>> {
        if self.reading.is_none() {
            self.reading = self.next_reading();
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        let piece = std::task::ready!(reading.as_mut().poll(context));
        self.reading = None;
        Poll::Ready(Some(piece))
    }
}

fn read(blobs: &Blobs, source: Source, start: u64, length: u64) -> Result<Bytes, Fault> {
    let length = usize::try_from(length)
        .map_err(|why| Fault::broken_at("the length of a piece of an object", why))?;
    match source {
        Source::Open(file) => read_exact_at(&file, start, length),
        Source::Named(id) => match blobs.find(&id)? {
            Some(file) => read_exact_at(&file, start, length),
            None => Err(Fault::broken("the file of a part is not there")),
        },
    }
    .map(Bytes::from)
}

impl Stream for Download {
    type Item = Result<Bytes, StdError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let span = this.span.clone();
        let _entered = span.enter();
        match std::task::ready!(this.poll_reading(context)) {
            None => Poll::Ready(None),
            Some(Ok(piece)) => {
                this.remaining = this.remaining.saturating_sub(piece.len() as u64);
                Poll::Ready(Some(Ok(piece)))
            }
            Some(Err(fault)) => {
                // The client has the status already. Only an aborted connection reports the error now.
                tracing::error!(?fault, "an object could not be read to its end");
                this.extents.clear();
                Poll::Ready(Some(Err("the object could not be read to its end".into())))
            }
        }
    }
}

impl ByteStream for Download {
    fn remaining_length(&self) -> RemainingLength {
        RemainingLength::new_exact(usize::try_from(self.remaining).unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;
    use crate::testing::random;

    fn pattern(length: usize) -> Vec<u8> {
        (0..length).map(|place| (place % 251).to_le_bytes()[0]).collect()
    }

    fn stored(blobs: &Blobs, bytes: &[u8]) -> BlobId {
        let mut blob = blobs.create().unwrap();
        blob.write(bytes).unwrap();
        blob.keep(true);
        blob.id().clone()
    }

    async fn read_all(mut download: Download) -> Result<Vec<u8>, StdError> {
        let mut bytes = Vec::new();
        while let Some(piece) = download.next().await {
            bytes.extend(piece?);
            let rest = download.remaining_length().exact().unwrap();
            assert!(rest == 0 || !bytes.is_empty());
        }
        Ok(bytes)
    }

    #[tokio::test]
    async fn extents_of_several_files_are_one_stream() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), Arc::new(random())).unwrap();
        let whole = pattern(600_000);
        let open = blobs.find(&stored(&blobs, &whole)).unwrap().unwrap();
        let extents = vec![
            Extent { source: Source::Open(Arc::new(open)), bytes: 5..600_000 },
            Extent { source: Source::Named(stored(&blobs, b"")), bytes: 0..0 },
            Extent { source: Source::Named(stored(&blobs, b"tail")), bytes: 0..2 },
        ];
        let download = Download::new(Disk::new(), Arc::new(blobs), extents);
        assert_eq!(download.remaining_length().exact(), Some(599_997));
        let mut expected = whole[5..].to_vec();
        expected.extend(b"ta");
        assert!(read_all(download).await.unwrap() == expected);
    }

    #[tokio::test]
    async fn a_file_that_is_gone_or_short_breaks_the_stream() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Arc::new(Blobs::open(folder.path(), Arc::new(random())).unwrap());
        let gone = stored(&blobs, b"gone");
        blobs.unlink(&gone);
        for (id, bytes) in [(gone, 0..4), (stored(&blobs, b"short"), 0..6)] {
            let extents = vec![Extent { source: Source::Named(id), bytes }];
            let download = Download::new(Disk::new(), Arc::clone(&blobs), extents);
            assert!(read_all(download).await.is_err());
        }
    }
}
