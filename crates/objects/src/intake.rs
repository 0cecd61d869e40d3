//! Receiving a body from a client into a file.
//!
//! The runtime's threads only collect the bytes. The disk's threads decode `aws-chunked`, verify
//! signatures, digest and write, a batch at a time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use model::Fault;
use model::object::ChecksumAlgorithm;
use protocol::sigv4::SignedBody;
use s3s::S3ErrorCode;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout, timeout_at};

use crate::blobs::{Blobs, NewBlob};
use crate::call::{RawBody, S3Call};
use crate::checksum::{DEFAULT_ALGORITHM, Digests, Tally};
use crate::declaration::{Declaration, Declared, incomplete, length};
use crate::disk::Disk;
use crate::refusal::Refusal;

/// AWS: maximum length of an object of one PUT, and of a part.
pub const BODY_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;

/// Maximum length of an XML document: a thousand keys to delete, each of maximum length and escaped.
pub const DOCUMENT_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Number of bytes that are collected before they are written.
const BATCH_BYTES: usize = 256 * 1024;
/// Maximum time that collected bytes wait for more before they are written, so that slow clients hold
/// little memory.
const BATCH_TIME: Duration = Duration::from_secs(1);

/// Maximum time without a byte of a body.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// Maximum time of a body, without the second that it gains per `BYTES_PER_SECOND_MIN` bytes.
const PATIENCE: Duration = Duration::from_mins(1);
const BYTES_PER_SECOND_MIN: u64 = 4 * 1024;

/// A body in a file, flushed, and checked against the client's declaration.
pub struct Received {
    pub blob: NewBlob,
    pub digests: Digests,
}

/// Writes the body of a request into a new file.
///
/// `kept` is the algorithm of the upload in parts. Without one, the client chooses.
pub async fn receive(
    disk: &Disk,
    blobs: &Arc<Blobs>,
    call: &S3Call,
    kept: Option<ChecksumAlgorithm>,
) -> Result<Received, Refusal> {
    let declared = Arc::new(Declared::of(call.headers(), BODY_BYTES_MAX)?);
    let claimed = declared.checksum.named();
    check_algorithm(kept, claimed)?;
    let (body, seal) = call.take_body()?;
    let mut arriving = Arriving::new(body, BYTES_PER_SECOND_MIN);
    let tally = Tally::new(kept.or(claimed).unwrap_or(DEFAULT_ALGORITHM), claimed);
    let mut step = Step::First(seal, tally);
    loop {
        let (batch, ended) = arriving.next_batch().await?;
        let (blobs, declared) = (Arc::clone(blobs), Arc::clone(&declared));
        let job = move || -> Result<Step, Refusal> {
            let mut writer = step.writer(&blobs)?;
            writer.write(&batch, &declared)?;
            if ended {
                return Ok(Step::Done(writer.finish(&declared)?));
            }
            Ok(Step::Next(writer))
        };
        step = disk.run(job).await??;
        if let Step::Done(received) = step {
            return Ok(received);
        }
    }
}

/// Documents longer than this share a bounded amount of memory.
const SMALL_DOCUMENT_BYTES: u64 = 64 * 1024;
/// Amount of memory for long documents, in KiB.
const DOCUMENTS_KIB: u32 = 64 * 1024;

/// The memory for long documents.
pub struct DocumentSlots(Semaphore);

impl DocumentSlots {
    #[must_use]
    pub fn new() -> Self {
        let permits = usize::try_from(DOCUMENTS_KIB).unwrap_or_default();
        Self(Semaphore::new(permits))
    }

    /// Waits for memory for the document that a request announces.
    pub async fn enter(&self, call: &S3Call) -> Result<Option<SemaphorePermit<'_>>, Refusal> {
        let length = length(call.headers())?;
        if length <= SMALL_DOCUMENT_BYTES {
            return Ok(None);
        }
        let kib = u32::try_from(length / 1024 + 1).unwrap_or(u32::MAX).min(DOCUMENTS_KIB);
        let room = timeout(SILENCE_MAX, self.0.acquire_many(kib)).await;
        let broken = |error| Fault::broken_at("waiting for memory for a document", error).into();
        room.map_err(|_| Fault::Busy)?.map(Some).map_err(broken)
    }
}

/// Collects the body of a request that is read as a whole.
///
/// `with_checksum`: whether the headers with checksums are about the body. Those of
/// `CompleteMultipartUpload` are about the object.
pub async fn collect(call: &S3Call, with_checksum: bool) -> Result<Bytes, Refusal> {
    let mut declared = Declared::of(call.headers(), DOCUMENT_BYTES_MAX)?;
    if !with_checksum {
        declared.checksum = Declaration::Nothing;
    }
    let claimed = declared.checksum.named();
    let (body, mut seal) = call.take_body()?;
    // A document gains no time by its length, because it holds memory that others wait for.
    let mut arriving = Arriving::new(body, u64::MAX);
    let (mut document, mut tally) =
        (Vec::new(), Tally::new(claimed.unwrap_or(DEFAULT_ALGORITHM), claimed));
    loop {
        let (batch, ended) = arriving.next_batch().await?;
        for bytes in &batch {
            let mut rest: &[u8] = bytes;
            while let Some(piece) = seal.take(&mut rest)? {
                tally.update(piece);
                document.extend_from_slice(piece);
                declared.check_room(tally.size())?;
            }
        }
        if ended {
            declared.check(&seal.finish()?, &tally.finish())?;
            return Ok(document.into());
        }
    }
}

enum Step {
    First(SignedBody, Tally),
    Next(Writer),
    Done(Received),
}

impl Step {
    fn writer(self, blobs: &Blobs) -> Result<Writer, Refusal> {
        match self {
            Self::First(seal, tally) => Ok(Writer { seal, tally, blob: blobs.create()? }),
            Self::Next(writer) => Ok(writer),
            Self::Done(_) => Err(Fault::broken("a body went on after its end").into()),
        }
    }
}

/// Writes a body into a new file. Dropping it removes the file.
struct Writer {
    seal: SignedBody,
    tally: Tally,
    blob: NewBlob,
}

impl Writer {
    fn write(&mut self, batch: &[Bytes], declared: &Declared) -> Result<(), Refusal> {
        for bytes in batch {
            let mut rest: &[u8] = bytes;
            while let Some(piece) = self.seal.take(&mut rest)? {
                self.tally.update(piece);
                declared.check_room(self.tally.size())?;
                self.blob.write(piece)?;
            }
        }
        Ok(())
    }

    fn finish(self, declared: &Declared) -> Result<Received, Refusal> {
        let trailers = self.seal.finish()?;
        let digests = self.tally.finish();
        declared.check(&trailers, &digests)?;
        self.blob.flush()?;
        Ok(Received { blob: self.blob, digests })
    }
}

/// A body as it arrives, with its deadlines.
struct Arriving {
    body: RawBody,
    began: Instant,
    arrived: u64,
    /// Number of bytes that gain the body one second.
    bytes_per_second_min: u64,
}

impl Arriving {
    fn new(body: RawBody, bytes_per_second_min: u64) -> Self {
        Self { body, began: Instant::now(), arrived: 0, bytes_per_second_min }
    }

    /// The bytes since the last batch, once there are enough to write, and whether the body has ended.
    async fn next_batch(&mut self) -> Result<(Vec<Bytes>, bool), Refusal> {
        let (mut batch, mut size) = (Vec::new(), 0);
        while size < BATCH_BYTES {
            let mut deadline = self.deadline();
            if size > 0 {
                deadline = deadline.min(Instant::now() + BATCH_TIME);
            }
            let Ok(frame) = timeout_at(deadline, self.body.frame()).await else {
                if size > 0 {
                    return Ok((batch, false));
                }
                let message = "The body did not come within the time that its length allows.";
                return Err(Refusal::code(S3ErrorCode::RequestTimeout, message));
            };
            let Some(frame) = frame else { return Ok((batch, true)) };
            // The connection broke, so the client cannot read the answer.
            let frame = frame.map_err(|_| incomplete())?;
            if let Ok(bytes) = frame.into_data() {
                size += bytes.len();
                self.arrived = self.arrived.saturating_add(bytes.len() as u64);
                batch.push(bytes);
            }
        }
        Ok((batch, false))
    }

    fn deadline(&self) -> Instant {
        let earned = Duration::from_secs(self.arrived / self.bytes_per_second_min);
        (self.began + PATIENCE + earned).min(Instant::now() + SILENCE_MAX)
    }
}

/// Refuses a part whose checksum is of another algorithm than its upload was begun with.
// AWS: InvalidRequest, "Checksum Type mismatch". An upload that was begun without an algorithm keeps the
// default one, and takes parts with any checksum, as SDKs send them.
fn check_algorithm(
    kept: Option<ChecksumAlgorithm>,
    claimed: Option<ChecksumAlgorithm>,
) -> Result<(), Refusal> {
    let (Some(kept), Some(claimed)) = (kept, claimed) else { return Ok(()) };
    if kept == claimed || kept == DEFAULT_ALGORITHM {
        return Ok(());
    }
    let message = format!(
        "The upload was begun with {}, and the part has a checksum of {}.",
        kept.as_str(),
        claimed.as_str()
    );
    Err(Refusal::code(S3ErrorCode::InvalidRequest, message))
}
