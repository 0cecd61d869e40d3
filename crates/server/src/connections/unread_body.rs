//! The body of a request, and whether it was read to its end.
//!
//! INVARIANT: an answer that is given before the body was read ends the connection. A client that waited for `100
//! Continue` (RFC 9110 §10.1.1) sends its next request at once, and bytes of it would be taken for the body:
//! the rest of them would be a request that nobody made.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use http::{HeaderValue, Request, Response, header};
use http_body::{Body, Frame, SizeHint};

/// A body of a request, under watch.
pub struct WatchedBody<B> {
    body: B,
    is_unread: Arc<AtomicBool>,
}

/// Knows whether the body of a request was read to its end.
pub struct UnreadBody(Arc<AtomicBool>);

/// Watches the body of a request.
pub fn watch<B: Body>(request: Request<B>) -> (Request<WatchedBody<B>>, UnreadBody) {
    let is_unread = Arc::new(AtomicBool::new(!request.body().is_end_stream()));
    let watch = UnreadBody(Arc::clone(&is_unread));
    (request.map(|body| WatchedBody { body, is_unread }), watch)
}

impl UnreadBody {
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Ends the connection after this answer if the body was not read.
    pub fn end_connection<B>(&self, answer: &mut Response<B>) {
        if self.is_unread() {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

impl<B: Body + Unpin> Body for WatchedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.is_unread.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
