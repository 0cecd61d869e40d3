//! Strangers wait for their turn; known callers, forms and probes do not.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::request::Parts;
use kernel::Portico;
use kernel::sessions::client_token;
use kernel::sessions::secret::Secret;
use model::Clock;
use model::ids::{SessionId, UserId};
use model::oauth::{ClientToken, TokenKind};
use model::session::{Session, SessionKind};

use super::kit::{Bench, head, signed};
use crate::system::{SystemClock, SystemRandom};
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

/// A secret of a session that expires in `valid_ms`.
fn secret(portico: &Portico, valid_ms: i64) -> String {
    let now_ms = SystemClock.now_ms();
    let session = Session {
        identity_store_id: "d-0000000000".parse().unwrap(),
        id: SessionId::random(&SystemRandom),
        user_id: UserId::random(&SystemRandom),
        kind: SessionKind::Portal,
        source_address: "192.0.2.1".to_owned(),
        user_agent: String::new(),
        created_at_ms: now_ms - 3_600_000,
        expires_at_ms: now_ms + valid_ms,
        used_at_ms: 0,
        proved_at_ms: 0,
        whole_proof_at_ms: 0,
    };
    Secret::of_session(portico, &session).unwrap().reveal().to_owned()
}

/// An access token that expires in `valid_ms`.
fn access_token(portico: &Portico, valid_ms: i64) -> String {
    let token = ClientToken {
        identity_store_id: "d-0000000000".parse().unwrap(),
        user_id: UserId::random(&SystemRandom),
        session_id: SessionId::random(&SystemRandom),
        generation: 0,
        kind: TokenKind::Access,
        expires_at_ms: SystemClock.now_ms() + valid_ms,
    };
    client_token::seal(&portico.keys, &token).unwrap()
}

#[tokio::test]
async fn a_bearer_token_or_a_cookie_of_this_server_needs_no_turn_until_it_expires() {
    let bench = Bench::with(|site| site.turns = Turns::new(1));
    let _turn = bench.site.turns.take(&bench.begin(knock())).await;
    let portico = Arc::clone(&bench.site.core().portico);
    let known = [secret(&portico, 3_600_000), access_token(&portico, 3_600_000)];
    let expired = [secret(&portico, -1), access_token(&portico, -1)];
    let forged = known.each_ref().map(|known| known.to_uppercase());
    for ([secret, token], waits) in [(known, false), (expired, true), (forged, true)] {
        let cookie = format!("a=b; portico-session-8080={secret}");
        for (target, name, value) in [
            ("/assignment/accounts", "x-amz-sso_bearer_token", &token),
            ("/start", "cookie", &cookie),
        ] {
            let exchange = bench.begin(head("GET", target, &[(name, value)]));
            let mut turn = pin!(bench.site.turns.take(&exchange));
            let poll = turn.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert_eq!(poll.is_pending(), waits, "{target}");
            assert!(!matches!(poll, Poll::Ready(Some(_))), "{target}");
        }
    }
}

#[tokio::test]
async fn a_turn_that_nobody_takes_any_more_passes_to_the_next() {
    let bench = Bench::with(|site| site.turns = Turns::new(1));
    let turn = bench.site.turns.take(&bench.begin(knock())).await;
    let (one, other) = (bench.begin(knock()), bench.begin(knock()));
    let mut context = Context::from_waker(Waker::noop());
    let mut first = Box::pin(bench.site.turns.take(&one));
    let mut second = Box::pin(bench.site.turns.take(&other));
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    // The turn is the first one's, who leaves without a look at it.
    drop(turn);
    drop(first);
    assert!(matches!(second.as_mut().poll(&mut context), Poll::Ready(Some(_))));
}
