//! A stream whose request heads are bounded, in length and in what they hold together.
//!
//! INVARIANT: a head that is too long, or for which there is no memory, is refused in words while it arrives,
//! and the rest of it is not kept. A head that the HTTP library cannot read is refused in words too.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use model::source_network::Networks;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::app::Site;
use crate::connections::{Connection, Phase};
use crate::raw_answer::{HEAD_BYTES_MAX, Unread};
use crate::stranger_bytes::Lease;

/// Length of a head that every connection may hold. More is counted in the budget of strangers.
pub const OWN_HEAD_BYTES: usize = 8 * 1024;

/// Maximum length of one read while a body is collected. The buffer grows with the length of the reads.
const BODY_READ_BYTES_MAX: usize = 8 * 1024;

/// Maximum number of bytes that are read and dropped after a refusal, so that the client can read it.
const DRAIN_BYTES_MAX: usize = 1024 * 1024;

/// A stream whose request heads are bounded.
pub struct HeadReader<S> {
    stream: S,
    /// The number of the phase in which the present head arrives, and the bytes of it that were read.
    head: (u64, usize),
    /// The memory of a long head, held until the next one begins.
    lease: Option<Lease>,
    /// The number of the last phase in which nothing of an answer was left to send.
    quiet: Option<u64>,
    refusal: Option<Refusal>,
    site: Arc<Site>,
    is_tls: bool,
    networks: Networks,
    // Dropped after the stream, so that the place is free only when the file is closed.
    connection: Arc<Connection>,
}

/// A refusal that is being sent.
struct Refusal {
    unsent: Bytes,
    is_shut: bool,
    drained: usize,
}

impl<S> HeadReader<S> {
    /// A stream on a new connection from `networks`, whose long heads are counted among the bytes of strangers.
    pub fn new(
        stream: S,
        (connection, site): (Arc<Connection>, Arc<Site>),
        networks: Networks,
        is_tls: bool,
    ) -> Self {
        let (head, lease, refusal) = ((0, 0), None, None);
        let mut reader =
            Self { stream, head, lease, quiet: None, refusal, site, is_tls, networks, connection };
        reader.note_quiet();
        reader
    }

    /// The number of bytes that the next read may have, or the refusal of the head.
    fn read_bytes_max(&mut self) -> Result<usize, Unread> {
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
            return Err(Unread::LongHead);
        }
        let (all, networks) = (&self.site.bodies.strangers, &self.networks);
        let lease = self.lease.get_or_insert_with(|| Lease::new(Arc::clone(all), networks.clone()));
        if !lease.grow_to(HEAD_BYTES_MAX - OWN_HEAD_BYTES) {
            return Err(Unread::NoRoom);
        }
        Ok(HEAD_BYTES_MAX - read)
    }

    /// Notes that nothing of an answer is left to send, if no request is being answered.
    fn note_quiet(&mut self) {
        if let Phase::Waiting(since) = self.connection.phase() {
            self.quiet = Some(since);
        }
    }

    /// Tells whether bytes that are written now belong to no answer.
    ///
    /// All of the last answer is sent, and no request has begun since. So the HTTP library could not read a head,
    /// and writes a refusal of its own, without words and headers. It then closes the connection.
    fn is_quiet(&self) -> bool {
        matches!(self.connection.phase(), Phase::Waiting(since) if self.quiet == Some(since))
    }

    fn refuse(&mut self, why: Unread) {
        let unsent = why.answer(&self.site).into();
        self.refusal = Some(Refusal { unsent, is_shut: false, drained: 0 });
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> HeadReader<S> {
    /// Sends the refusal.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(refusal) = &mut self.refusal else { return Poll::Ready(Ok(())) };
        while !refusal.unsent.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, &refusal.unsent))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            refusal.unsent.advance(sent);
        }
        Poll::Ready(Ok(()))
    }

    /// Sends the refusal in the place of the one that the HTTP library writes. `None`: it writes an answer.
    fn poll_replace(
        &mut self,
        context: &mut Context<'_>,
        written: &[u8],
    ) -> Option<Poll<io::Result<()>>> {
        if self.refusal.is_none() {
            if !self.is_quiet() {
                return None;
            }
            let is_long = written.starts_with(b"HTTP/1.1 431");
            let wrong = Unread::WrongHead { is_tls: self.is_tls };
            self.refuse(if is_long { Unread::LongHead } else { wrong });
        }
        Some(self.poll_send(context))
    }

    /// Sends the refusal, reads a bounded part of what else comes, and fails.
    fn poll_refuse(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(context))?;
        let Some(refusal) = &mut self.refusal else { return Poll::Ready(Ok(())) };
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
                Err(why) => this.refuse(why),
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

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for HeadReader<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.poll_replace(context, bytes) {
            Some(sent) => sent.map_ok(|()| bytes.len()),
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = bytes.first().map_or(&[][..], |first| first);
        match self.poll_replace(context, first) {
            Some(sent) => sent.map_ok(|()| bytes.iter().map(|piece| piece.len()).sum()),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, bytes),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        // The HTTP library flushes once it has written all that it holds.
        self.note_quiet();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
