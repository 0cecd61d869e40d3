//! Collecting the bodies of API calls and forms.
//!
//! INVARIANT: a client holds little memory with a body, however slowly it sends it. Strangers send short bodies,
//! from a budget of bytes that they share, and few long bodies are collected at a time. S3 bodies stream, and
//! have bounds of their own.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use model::Fault;
use model::network_shares::NetworkLimits;
use model::source_network::Networks;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::shares::shares_of;
use crate::stranger_bytes::{Lease, STRANGER_BYTES_MAX, StrangerBytes};

/// Maximum length of the body of a signed call.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Maximum length of the body of anybody who does not name a key of this server. Forms and requests for tokens
/// are far shorter.
pub const STRANGERS_BODY_BYTES_MAX: usize = 64 * 1024;

/// Length of a body that every connection may hold. More is counted in the budget of strangers, unless the
/// request names a key of this server.
pub const OWN_BODY_BYTES: usize = 4 * 1024;

/// Maximum number of bytes of a body that are read and dropped, so that the client can read the answer.
const DRAIN_BYTES_MAX: usize = 16 * BODY_BYTES_MAX;

/// Maximum time that nothing of such a body arrives.
const DRAIN_PAUSE_MAX: Duration = Duration::from_secs(1);

/// Maximum number of bodies longer than [`STRANGERS_BODY_BYTES_MAX`] in memory at a time.
const LONG_BODIES_MAX: usize = 32;

/// The outcome of collecting a body.
#[derive(Debug)]
pub enum Collected {
    Whole(Bytes),
    /// The body was not kept.
    Refused(Fault),
    /// The memory for bodies of strangers is taken.
    NoRoom,
}

/// The memory that bodies share.
#[derive(Clone)]
pub struct Bodies {
    long: Arc<Semaphore>,
    pub strangers: Arc<StrangerBytes>,
}

/// A body's part of that memory, held until the request is answered.
#[derive(Default)]
pub struct Held {
    long: Option<OwnedSemaphorePermit>,
    stranger: Option<Lease>,
}

/// What is known of the client while its body arrives.
enum Sender {
    /// The body is so short that nothing is asked yet.
    Unasked,
    /// The request names a key of this server.
    Known,
    /// It does not: the refusal of a long body.
    Stranger(Fault),
}

impl Default for Bodies {
    fn default() -> Self {
        Self::new(shares_of(STRANGER_BYTES_MAX))
    }
}

impl Bodies {
    /// Memory of which strangers may have `strangers` bytes.
    #[must_use]
    pub fn new(strangers: NetworkLimits) -> Self {
        let long = Arc::new(Semaphore::new(LONG_BODIES_MAX));
        Self { long, strangers: Arc::new(StrangerBytes::new(strangers)) }
    }

    /// Reads a body to its end, or to the place where it is refused. A body whose head says that it is too long
    /// is not read at all.
    ///
    /// `require_known` is called once the body is known to be longer than every connection may hold. It fails
    /// with the refusal that a long body gets. The client comes from `networks`. `own_bytes` of the body are not
    /// counted in the budget of strangers, at most [`OWN_BODY_BYTES`].
    pub async fn collect<B>(
        &self,
        body: &mut B,
        own_bytes: usize,
        networks: impl FnOnce() -> Networks,
        require_known: impl FnOnce() -> Result<(), Fault>,
    ) -> Result<(Collected, Held), B::Error>
    where
        B: http_body::Body<Data = Bytes> + Unpin,
    {
        let (mut whole, mut held) = (Vec::new(), Held::default());
        let (mut sender, mut ask) = (Sender::Unasked, Some((networks, require_known)));
        let declared = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if declared > STRANGERS_BODY_BYTES_MAX
            && let Some((_, require_known)) = ask.take()
        {
            let long = || (declared > BODY_BYTES_MAX).then(|| too_long(BODY_BYTES_MAX));
            if let Some(fault) = require_known().err().or_else(long) {
                return Ok((Collected::Refused(fault), held));
            }
            sender = Sender::Known;
        }
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            let length = whole.len().saturating_add(data.len());
            if length > own_bytes
                && let Some((networks, require_known)) = ask.take()
            {
                sender = require_known().map_or_else(Sender::Stranger, |()| Sender::Known);
                if matches!(sender, Sender::Stranger(_)) {
                    held.stranger = Some(Lease::new(Arc::clone(&self.strangers), networks()));
                }
            }
            let refusal = match &sender {
                Sender::Known if length > BODY_BYTES_MAX => {
                    Some(Collected::Refused(too_long(BODY_BYTES_MAX)))
                }
                Sender::Known if length > STRANGERS_BODY_BYTES_MAX && held.long.is_none() => {
                    held.long = Arc::clone(&self.long).try_acquire_owned().ok();
                    held.long.is_none().then_some(Collected::Refused(Fault::Busy))
                }
                Sender::Unasked | Sender::Known => None,
                Sender::Stranger(fault) if length > STRANGERS_BODY_BYTES_MAX => {
                    Some(Collected::Refused(fault.clone()))
                }
                Sender::Stranger(_) => {
                    let more = capacity_for(length).saturating_sub(own_bytes);
                    let has_room = held.stranger.as_mut().is_some_and(|lease| lease.grow_to(more));
                    (!has_room).then_some(Collected::NoRoom)
                }
            };
            if let Some(refusal) = refusal {
                return Ok((refusal, Held::default()));
            }
            whole.reserve_exact(capacity_for(length).saturating_sub(whole.len()));
            whole.extend_from_slice(&data);
        }
        Ok((Collected::Whole(whole.into()), held))
    }
}

/// The refusal of a body that is too long for its sender.
#[must_use]
pub fn too_long(bytes_max: usize) -> Fault {
    Fault::TooLarge { bytes_max: bytes_max as u64 }
}

/// The memory for a body of which this many bytes have arrived. It doubles, so that few copies are made.
fn capacity_for(length: usize) -> usize {
    let doubled = length.next_power_of_two();
    if length > STRANGERS_BODY_BYTES_MAX { BODY_BYTES_MAX } else { doubled }
}

/// Reads and drops a bounded number of further bytes, until none arrive for a moment.
pub async fn drain<B>(body: &mut B)
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let mut length = 0_usize;
    while length <= DRAIN_BYTES_MAX
        && let Ok(Some(Ok(frame))) = tokio::time::timeout(DRAIN_PAUSE_MAX, body.frame()).await
    {
        length = length.saturating_add(frame.data_ref().map_or(0, Bytes::len));
    }
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

    fn known(is_known: bool) -> Result<(), Fault> {
        if is_known { Ok(()) } else { Err(too_long(STRANGERS_BODY_BYTES_MAX)) }
    }

    fn here() -> Networks {
        Networks::of("192.0.2.1")
    }

    fn collect(room: &Bodies, bytes: usize, is_known: bool) -> (Collected, Held) {
        let mut body = Full::new(Bytes::from(vec![7; bytes]));
        now(room.collect(&mut body, OWN_BODY_BYTES, here, || known(is_known))).unwrap()
    }

    #[test]
    fn a_body_comes_whole_or_not_at_all() {
        let room = Bodies::default();
        for (bytes, is_known) in [
            (0, false),
            (OWN_BODY_BYTES, false),
            (OWN_BODY_BYTES + 1, false),
            (STRANGERS_BODY_BYTES_MAX, false),
            (STRANGERS_BODY_BYTES_MAX, true),
            (STRANGERS_BODY_BYTES_MAX + 1, true),
            (BODY_BYTES_MAX, true),
        ] {
            let (collected, _held) = collect(&room, bytes, is_known);
            assert!(matches!(collected, Collected::Whole(whole) if whole == vec![7; bytes]));
        }
        for (bytes_max, is_known) in [(STRANGERS_BODY_BYTES_MAX, false), (BODY_BYTES_MAX, true)] {
            for bytes in [bytes_max + 1, 2 * DRAIN_BYTES_MAX] {
                let (collected, _held) = collect(&room, bytes, is_known);
                let told =
                    matches!(collected, Collected::Refused(fault) if fault == too_long(bytes_max));
                assert!(told && room.strangers.held() == 0);
            }
        }
    }

    #[test]
    fn few_long_bodies_are_in_memory_at_a_time() {
        let room = Bodies::default();
        let mut held: Vec<Held> =
            (0..LONG_BODIES_MAX).map(|_| collect(&room, BODY_BYTES_MAX, true).1).collect();
        let (refused, _) = collect(&room, BODY_BYTES_MAX, true);
        assert!(matches!(refused, Collected::Refused(Fault::Busy)));
        // Short bodies do not take of this memory.
        assert!(matches!(collect(&room, STRANGERS_BODY_BYTES_MAX, true).0, Collected::Whole(_)));
        held.pop();
        assert!(matches!(collect(&room, BODY_BYTES_MAX, true).0, Collected::Whole(_)));
    }

    #[test]
    fn strangers_share_a_budget_that_ordinary_bodies_do_not_need() {
        let room = Bodies::new(shares_of(8 * 2 * STRANGERS_BODY_BYTES_MAX));
        let held: Vec<_> =
            (0..2).map(|_| collect(&room, STRANGERS_BODY_BYTES_MAX, false)).collect();
        assert!(held.iter().all(|(collected, _)| matches!(collected, Collected::Whole(_))));
        assert_eq!(room.strangers.held(), 2 * (STRANGERS_BODY_BYTES_MAX - OWN_BODY_BYTES));
        let refused = collect(&room, STRANGERS_BODY_BYTES_MAX, false).0;
        assert!(matches!(refused, Collected::NoRoom));
        for (bytes, is_known) in [(OWN_BODY_BYTES, false), (BODY_BYTES_MAX, true)] {
            assert!(matches!(collect(&room, bytes, is_known).0, Collected::Whole(_)));
        }
        drop(held);
        assert_eq!(room.strangers.held(), 0);
        assert!(matches!(collect(&room, STRANGERS_BODY_BYTES_MAX, false).0, Collected::Whole(_)));
    }

    #[test]
    fn memory_is_taken_in_few_steps_and_never_beyond_the_bound() {
        for length in [1, 5000, STRANGERS_BODY_BYTES_MAX - 1, STRANGERS_BODY_BYTES_MAX] {
            let capacity = capacity_for(length);
            assert!(
                capacity >= length && capacity < 2 * length && capacity <= STRANGERS_BODY_BYTES_MAX
            );
        }
        assert_eq!(capacity_for(STRANGERS_BODY_BYTES_MAX + 1), BODY_BYTES_MAX);
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

    #[tokio::test]
    async fn a_body_without_an_end_is_not_read_for_ever() {
        for is_known in [false, true] {
            let (room, mut body) = (Bodies::default(), Endless(0));
            let collecting = room.collect(&mut body, OWN_BODY_BYTES, here, || known(is_known));
            let (collected, _) = now(collecting).unwrap();
            assert!(matches!(collected, Collected::Refused(Fault::TooLarge { .. })));
            drain(&mut body).await;
        }
    }

    /// A body of which the head says its length, and nothing arrives.
    struct Declared(usize);

    impl http_body::Body for Declared {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0 as u64)
        }
    }

    #[test]
    fn a_body_whose_head_says_that_it_is_too_long_is_not_waited_for() {
        for (bytes_max, is_known) in [(STRANGERS_BODY_BYTES_MAX, false), (BODY_BYTES_MAX, true)] {
            let room = Bodies::default();
            let mut body = Declared(bytes_max + 1);
            let (collected, _) =
                now(room.collect(&mut body, OWN_BODY_BYTES, here, || known(is_known))).unwrap();
            let told =
                matches!(collected, Collected::Refused(fault) if fault == too_long(bytes_max));
            assert!(told && room.strangers.held() == 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_does_not_wait_long_for_a_body_that_does_not_arrive() {
        let began = tokio::time::Instant::now();
        drain(&mut Declared(1)).await;
        assert_eq!(began.elapsed(), DRAIN_PAUSE_MAX);
    }
}
