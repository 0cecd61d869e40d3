//! The requests of one connection, from head to answer.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use http::{Response, Version};
use http_body::{Frame, SizeHint};

use super::pace::Pace;
use super::underway::Underway;
use super::unread_body::UnreadBody;

/// The reason why a request of a displaced connection is not answered.
#[derive(Debug)]
pub struct Displaced;

impl fmt::Display for Displaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a newcomer took the place of the connection")
    }
}

impl std::error::Error for Displaced {}

/// Answers one request of a connection, with this body, with `answer`. `underway` is `None` if the connection is
/// displaced. `pace` watches whether the client takes the answer.
// The request begins before the answer is polled: the HTTP library reads on in between.
pub fn answer_on(
    underway: Option<Arc<Underway>>,
    (version, body): (Version, UnreadBody),
    pace: Pace,
    answer: impl Future<Output = Result<Response<Body>, Infallible>>,
) -> impl Future<Output = Result<Response<AnswerBody>, Displaced>> {
    // Dropped with the future if the client gives the request up.
    let end = underway.map(|underway| End { underway, is_answered: false });
    async move {
        let Some(mut end) = end else { return Err(Displaced) };
        let Ok(mut response) = answer.await;
        end.is_answered = true;
        if version < Version::HTTP_2 {
            body.end_connection(&mut response);
        }
        Ok(response.map(|body| AnswerBody { body, pace, _end: end }))
    }
}

/// Ends a request when it is dropped.
struct End {
    underway: Arc<Underway>,
    is_answered: bool,
}

impl Drop for End {
    fn drop(&mut self) {
        self.underway.end(self.is_answered);
    }
}

/// The body of an answer. The connection waits for the next head once it is dropped.
pub struct AnswerBody {
    body: Body,
    pace: Pace,
    _end: End,
}

impl http_body::Body for AnswerBody {
    type Data = <Body as http_body::Body>::Data;
    type Error = <Body as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.pace.asked();
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_some() && !self.body.is_end_stream() {
            self.pace.given();
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
