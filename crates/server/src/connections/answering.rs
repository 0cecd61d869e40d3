//! The requests of one connection, from head to answer.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use http::Response;
use http_body::{Frame, SizeHint};

use super::connection::Connection;
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

/// Answers one request of a connection, with this body, with `answer`.
// The request begins before the answer is polled: the HTTP library reads on in between.
pub fn answer_on(
    connection: Arc<Connection>,
    body: UnreadBody,
    answer: impl Future<Output = Result<Response<Body>, Infallible>>,
) -> impl Future<Output = Result<Response<AnswerBody>, Displaced>> {
    let is_begun = connection.begin(body.is_unread());
    async move {
        if !is_begun {
            return Err(Displaced);
        }
        let Ok(mut response) = answer.await;
        body.end_connection(&mut response);
        Ok(response.map(|body| AnswerBody { body, connection }))
    }
}

/// The body of an answer. The connection waits for the next head once it is dropped.
pub struct AnswerBody {
    body: Body,
    connection: Arc<Connection>,
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.connection.wait_for_head();
    }
}

impl http_body::Body for AnswerBody {
    type Data = <Body as http_body::Body>::Data;
    type Error = <Body as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
