//! A connection that ends when its client stops reading.
//!
//! INVARIANT: a client that sends requests and does not read the answers loses its connection;
//! otherwise strangers could hold all connections at no cost. Any progress counts, so a slow line is
//! not ended.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Maximum time without progress while an answer waits for the client.
const STALL_MAX: Duration = Duration::from_mins(1);

/// A stream whose writes fail once its client has read nothing for a minute.
pub struct ReadingClient<S> {
    stream: S,
    /// Runs while the client reads nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> ReadingClient<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, stalled: None }
    }

    fn limit<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALL_MAX)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ReadingClient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ReadingClient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.limit(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.limit(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.limit(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.limit(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::{Instant, advance};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_for_a_minute_is_left() {
        let (ours, _theirs) = duplex(10);
        let began = Instant::now();
        let ended = ReadingClient::new(ours).write_all(&[7; 11]).await.unwrap_err();
        assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
        assert_eq!(began.elapsed(), STALL_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_a_little_now_and_then_gets_everything() {
        let (ours, mut theirs) = duplex(10);
        let mut ours = ReadingClient::new(ours);
        let sending = tokio::spawn(async move { ours.write_all(&[7; 100]).await });
        let (mut got, mut piece) = (0, [0; 10]);
        while got < 100 {
            advance(Duration::from_secs(59)).await;
            got += theirs.read(&mut piece).await.unwrap();
        }
        sending.await.unwrap().unwrap();
    }
}
