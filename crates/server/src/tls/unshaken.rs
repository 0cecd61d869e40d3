//! A stream before the end of its handshake.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Maximum number of bytes that a client sends in a handshake. A greeting with keys for the exchange after quantum
/// computers has 2 KiB, and there are no client certificates.
const BYTES_MAX: usize = 16 * 1024;

/// A stream of which a bounded number of bytes is read until the handshake is over.
pub struct Unshaken<S> {
    stream: S,
    /// Number of bytes that may still be read; `None` after the handshake.
    left: Option<usize>,
}

impl<S> Unshaken<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, left: Some(BYTES_MAX) }
    }

    /// The handshake is over.
    pub(super) fn lift(&mut self) {
        self.left = None;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unshaken<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        if let Some(left) = &mut self.left {
            let read = into.filled().len() - before;
            let Some(rest) = left.checked_sub(read) else {
                return Poll::Ready(Err(io::Error::other("the handshake is too long")));
            };
            *left = rest;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unshaken<S> {
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
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn a_handshake_without_an_end_fails() {
        let endless = || tokio::io::join(tokio::io::repeat(7), tokio::io::sink());
        let mut bytes = vec![0; BYTES_MAX];
        let mut stream = Unshaken::new(endless());
        stream.read_exact(&mut bytes).await.unwrap();
        assert!(stream.read_u8().await.is_err());
        let mut stream = Unshaken::new(endless());
        stream.lift();
        for _ in 0..3 {
            stream.read_exact(&mut bytes).await.unwrap();
        }
    }
}
