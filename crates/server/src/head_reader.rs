//! A stream whose request heads are bounded, in length and in what they hold together.
//!
//! INVARIANT: a head that is too long, or for which there is no memory, is refused in words while it arrives,
//! and the rest of it is not kept.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use model::source_network::Networks;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::connections::{Connection, Phase};
use crate::stranger_bytes::{Lease, StrangerBytes};

/// Maximum length of a request head. The longest that clients need has a session token (4,096 characters), the
/// metadata of an object (2 KiB), its key and that of a copy's source (3 KiB each when they are escaped).
// AWS: S3 takes 8 KB of headers at most (RequestHeaderSectionTooLarge).
pub const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Length of a head that every connection may hold. More is counted in the budget of strangers.
const OWN_HEAD_BYTES: usize = 8 * 1024;

/// Maximum length of one read while a body is collected. The buffer grows with the length of the reads.
const BODY_READ_BYTES_MAX: usize = 8 * 1024;

/// Maximum number of bytes that are read and dropped after a refusal, so that the client can read it.
const DRAIN_BYTES_MAX: usize = 1024 * 1024;

const TOO_LONG: &str = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 106\r\n\r\n\
    The request line and the headers may have 16384 bytes. Send fewer or shorter headers, or delete cookies.\r\n";

const NO_ROOM: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 68\r\n\r\n\
    Too many long requests arrive at the same time. Try again shortly.\r\n";

/// A stream whose request heads are bounded.
pub struct HeadReader<S> {
    stream: S,
    /// The number of the phase in which the present head arrives, and the bytes of it that were read.
    head: (u64, usize),
    /// The memory of a long head, held until the next one begins.
    lease: Option<Lease>,
    refusal: Option<Refusal>,
    bytes: Arc<StrangerBytes>,
    networks: Networks,
    // Dropped after the stream, so that the place is free only when the file is closed.
    connection: Arc<Connection>,
}

/// A refusal that is being sent.
struct Refusal {
    unsent: &'static [u8],
    is_shut: bool,
    drained: usize,
}

impl<S> HeadReader<S> {
    /// A stream on a connection from `networks`, whose long heads are counted in `bytes`.
    pub fn new(
        stream: S,
        (connection, bytes): (Arc<Connection>, Arc<StrangerBytes>),
        networks: Networks,
    ) -> Self {
        let (head, lease, refusal) = ((0, 0), None, None);
        Self { stream, head, lease, refusal, bytes, networks, connection }
    }

    /// The number of bytes that the next read may have, or the refusal of the head.
    fn read_bytes_max(&mut self) -> Result<usize, &'static str> {
        let since = match self.connection.phase() {
            Phase::Waiting(since) => since,
            Phase::Collecting(_) => return Ok(BODY_READ_BYTES_MAX),
            Phase::Busy | Phase::Displaced => return Ok(usize::MAX),
        };
        if self.head.0 != since {
            self.head = (since, 0);
            self.lease = None;
        }
        let read = self.head.1;
        if read < OWN_HEAD_BYTES {
            return Ok(OWN_HEAD_BYTES - read);
        }
        if read >= HEAD_BYTES_MAX {
            return Err(TOO_LONG);
        }
        let (all, networks) = (&self.bytes, &self.networks);
        let lease = self.lease.get_or_insert_with(|| Lease::new(Arc::clone(all), networks.clone()));
        if !lease.grow_to(HEAD_BYTES_MAX - OWN_HEAD_BYTES) {
            return Err(NO_ROOM);
        }
        Ok(HEAD_BYTES_MAX - read)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> HeadReader<S> {
    /// Sends a refusal, reads a bounded part of what else comes, and fails.
    fn poll_refuse(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(refusal) = &mut self.refusal else { return Poll::Ready(Ok(())) };
        while !refusal.unsent.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, refusal.unsent))?;
            refusal.unsent = refusal.unsent.get(sent..).unwrap_or_default();
        }
        if !refusal.is_shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            refusal.is_shut = true;
        }
        let mut dropped = [0; 4096];
        while refusal.drained < DRAIN_BYTES_MAX {
            let mut into = ReadBuf::new(&mut dropped);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut into))?;
            if into.filled().is_empty() {
                break;
            }
            refusal.drained += into.filled().len();
        }
        Poll::Ready(Err(io::Error::other("the head was refused")))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for HeadReader<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.refusal.is_none() {
            match this.read_bytes_max() {
                Ok(bytes_max) => {
                    let before = into.filled().len();
                    ready!(poll_read_some(&mut this.stream, context, into, bytes_max))?;
                    this.head.1 += into.filled().len() - before;
                    return Poll::Ready(Ok(()));
                }
                Err(answer) => {
                    let unsent = answer.as_bytes();
                    this.refusal = Some(Refusal { unsent, is_shut: false, drained: 0 });
                }
            }
        }
        this.poll_refuse(context)
    }
}

/// Reads `bytes_max` at most.
fn poll_read_some<S: AsyncRead + Unpin>(
    stream: &mut S,
    context: &mut Context<'_>,
    into: &mut ReadBuf<'_>,
    bytes_max: usize,
) -> Poll<io::Result<()>> {
    if into.remaining() <= bytes_max {
        return Pin::new(stream).poll_read(context, into);
    }
    let mut part = ReadBuf::new(into.initialize_unfilled_to(bytes_max));
    ready!(Pin::new(stream).poll_read(context, &mut part))?;
    let read = part.filled().len();
    into.advance(read);
    Poll::Ready(Ok(()))
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadReader<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusals_tell_their_length() {
        for text in [TOO_LONG, NO_ROOM] {
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("content-length: {}", body.len())), "{text}");
        }
        assert!(TOO_LONG.contains(&format!(" {HEAD_BYTES_MAX} ")));
    }
}
