//! Collecting the bodies of API calls and forms.
//!
//! INVARIANT: a client holds little memory with a body, however slowly it sends it. Unsigned bodies are
//! short, and few long bodies are collected at a time. S3 bodies stream, and have bounds of their own.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Maximum length of the body of a signed call.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Maximum length of any other body. Forms and requests for tokens are far shorter.
pub const UNSIGNED_BYTES_MAX: usize = 64 * 1024;

/// Maximum number of bytes of a too long body that are read and dropped, so that the client can read
/// the answer.
const DRAIN_BYTES_MAX: usize = 16 * BODY_BYTES_MAX;

/// Maximum number of bodies longer than [`UNSIGNED_BYTES_MAX`] in memory at a time.
const LONG_BODIES_MAX: usize = 32;

/// The outcome of collecting a body.
#[derive(Debug)]
pub enum Collected {
    Whole(Bytes),
    TooLong {
        bytes_max: usize,
    },
    /// Too many long bodies are in memory.
    NoRoom,
}

/// The memory that long bodies share.
#[derive(Clone)]
pub struct LongBodies(Arc<Semaphore>);

/// A long body's part of that memory, held until the request is answered.
pub type Place = Option<OwnedSemaphorePermit>;

impl Default for LongBodies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LONG_BODIES_MAX)))
    }
}

impl LongBodies {
    /// Reads a body to its end. `is_signed` is called once the body is known to be long.
    pub async fn collect<B>(
        &self,
        mut body: B,
        is_signed: impl FnOnce() -> bool,
    ) -> Result<(Collected, Place), B::Error>
    where
        B: http_body::Body<Data = Bytes> + Unpin,
    {
        let (mut whole, mut length) = (Vec::new(), 0_usize);
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            length = length.saturating_add(data.len());
            if length <= UNSIGNED_BYTES_MAX {
                whole.extend_from_slice(&data);
                continue;
            }
            if !is_signed() {
                drop(whole);
                return drain(body, length, Collected::TooLong { bytes_max: UNSIGNED_BYTES_MAX })
                    .await;
            }
            let Ok(place) = Arc::clone(&self.0).try_acquire_owned() else {
                drop(whole);
                return drain(body, length, Collected::NoRoom).await;
            };
            whole.reserve_exact(BODY_BYTES_MAX.saturating_sub(whole.len()));
            whole.extend_from_slice(&data);
            return collect_long(body, whole, place).await;
        }
        Ok((Collected::Whole(whole.into()), None))
    }
}

async fn collect_long<B>(
    mut body: B,
    mut whole: Vec<u8>,
    place: OwnedSemaphorePermit,
) -> Result<(Collected, Place), B::Error>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    while whole.len() <= BODY_BYTES_MAX {
        let Some(frame) = body.frame().await else {
            return Ok((Collected::Whole(whole.into()), Some(place)));
        };
        if let Ok(data) = frame?.into_data() {
            whole.extend_from_slice(&data);
        }
    }
    let length = whole.len();
    drop((whole, place));
    drain(body, length, Collected::TooLong { bytes_max: BODY_BYTES_MAX }).await
}

/// Reads and drops a bounded number of further bytes, and returns `answer`.
async fn drain<B>(
    mut body: B,
    mut length: usize,
    answer: Collected,
) -> Result<(Collected, Place), B::Error>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    while length <= DRAIN_BYTES_MAX
        && let Some(frame) = body.frame().await
    {
        length = length.saturating_add(frame?.data_ref().map_or(0, Bytes::len));
    }
    Ok((answer, None))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use http_body::{Frame, SizeHint};
    use http_body_util::Full;

    use super::*;

    /// The output of a future whose body is ready.
    fn now<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("the body is there"),
        }
    }

    fn collect(room: &LongBodies, bytes: usize, is_signed: bool) -> (Collected, Place) {
        now(room.collect(Full::new(Bytes::from(vec![7; bytes])), || is_signed)).unwrap()
    }

    #[test]
    fn a_body_comes_whole_or_not_at_all() {
        let room = LongBodies::default();
        for (bytes, is_signed) in [
            (0, false),
            (UNSIGNED_BYTES_MAX, false),
            (UNSIGNED_BYTES_MAX + 1, true),
            (BODY_BYTES_MAX, true),
        ] {
            let (collected, _) = collect(&room, bytes, is_signed);
            assert!(matches!(collected, Collected::Whole(whole) if whole == vec![7; bytes]));
        }
        for (bytes_max, is_signed) in [(UNSIGNED_BYTES_MAX, false), (BODY_BYTES_MAX, true)] {
            for bytes in [bytes_max + 1, 2 * DRAIN_BYTES_MAX] {
                let (collected, place) = collect(&room, bytes, is_signed);
                let told = matches!(collected, Collected::TooLong { bytes_max: told } if told == bytes_max);
                assert!(told && place.is_none());
            }
        }
    }

    #[test]
    fn few_long_bodies_are_in_memory_at_a_time() {
        let room = LongBodies::default();
        let mut places: Vec<Place> =
            (0..LONG_BODIES_MAX).map(|_| collect(&room, BODY_BYTES_MAX, true).1).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(matches!(collect(&room, BODY_BYTES_MAX, true), (Collected::NoRoom, None)));
        // Short bodies do not take of this memory.
        assert!(matches!(collect(&room, 1000, false), (Collected::Whole(_), None)));
        places.pop();
        assert!(matches!(collect(&room, BODY_BYTES_MAX, true), (Collected::Whole(_), Some(_))));
    }

    /// A body without an end.
    struct Endless(u64);

    impl http_body::Body for Endless {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0 += 1;
            assert!(self.0 < 100_000, "nobody reads for ever");
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[7; 1024])))))
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::default()
        }
    }

    #[test]
    fn a_body_without_an_end_is_not_read_for_ever() {
        for is_signed in [false, true] {
            let room = LongBodies::default();
            let (collected, place) = now(room.collect(Endless(0), || is_signed)).unwrap();
            assert!(matches!(collected, Collected::TooLong { .. }) && place.is_none());
        }
    }
}
