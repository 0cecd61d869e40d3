//! Strangers wait for their turn; known callers, forms and probes do not.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::request::Parts;

use super::kit::{Bench, head, signed};
use crate::turns::Turns;

const TARGET: (&str, &str) = ("x-amz-target", "SWBExternalService.ListInstances");

fn knock() -> Parts {
    head("POST", "/", &[TARGET])
}

async fn status(bench: &Bench, head: Parts, body: &str) -> u16 {
    bench.answer(bench.begin(head), body.to_owned()).await.0.status().as_u16()
}

#[tokio::test]
async fn a_stranger_waits_for_a_turn_and_a_known_caller_does_not() {
    let bench = Bench::with(|site| site.turns = Turns::new(1));
    let turn = bench.site.turns.take(&bench.begin(knock())).await;
    assert!(turn.is_some());

    let mut stranger = pin!(status(&bench, knock(), "{}"));
    let mut context = Context::from_waker(Waker::noop());
    assert!(stranger.as_mut().poll(&mut context).is_pending());

    let own = signed(head("POST", "/", &[TARGET]), "sso", "{}");
    assert_eq!(status(&bench, own, "{}").await, 200);
    assert_eq!(status(&bench, head("GET", "/readyz", &[]), "").await, 200);
    // A form with a password has a queue of its own. This one lacks its token.
    assert_eq!(status(&bench, head("POST", "/sign-in", &[]), "").await, 403);
    assert!(stranger.as_mut().poll(&mut context).is_pending());

    drop(turn);
    assert_eq!(stranger.await, 400);
    // The turn is free again.
    assert_eq!(status(&bench, head("GET", "/sign-in", &[]), "").await, 200);
}

#[tokio::test]
async fn a_stranger_who_leaves_gives_up_the_place_in_the_queue() {
    let bench = Bench::with(|site| site.turns = Turns::new(1));
    let turn = bench.site.turns.take(&bench.begin(knock())).await;
    {
        let mut gone = pin!(status(&bench, knock(), "{}"));
        let poll = gone.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(poll, Poll::Pending);
    }
    drop(turn);
    assert_eq!(status(&bench, knock(), "{}").await, 400);
}
