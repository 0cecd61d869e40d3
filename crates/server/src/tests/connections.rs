//! What strangers may hold in connections.

use std::net::IpAddr;
use std::sync::Arc;

use super::kit::{Bench, count_logged, start_log};
use super::sockets::{HEALTH, Listening, ip, read_answer};
use crate::connections::testing::connections;

/// The client that is to be answered whatever others hold.
const CLIENT: &str = "127.0.0.1";

/// Ways to hold a connection at little cost.
const SLOW: [&str; 3] = [
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
    HEALTH,
    "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n{",
];

/// A server of which one address may have `single_max` connections.
async fn listening(single_max: usize, proxies: &[&str]) -> Listening {
    let bench = Bench::with(|site| {
        site.connections = connections(single_max);
        site.trusted_proxies = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
    });
    Listening::on(bench, "127.0.0.1:0").await.unwrap()
}

/// Addresses in as many blocks.
fn blocks(count: u8) -> impl Iterator<Item = IpAddr> {
    (1..=count).map(|block| IpAddr::from([127, 1, block, 1]))
}

#[tokio::test]
async fn one_address_keeps_nobody_out() {
    for slow in SLOW {
        let listening = listening(4, &[]).await;
        let attacker = std::iter::repeat_n(ip("127.99.0.1"), 40);
        let held = listening.hold(attacker, slow).await;
        let answer = listening.ask(ip(CLIENT), HEALTH).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{slow}: {answer}");
        let connections = &listening.bench.site.connections;
        assert!(connections.count() <= 4 + 1 && connections.displaced() >= 36, "{slow}");
        drop(held);
        listening.until_open(0).await;
        listening.end().await;
    }
}

#[tokio::test]
async fn many_addresses_together_keep_nobody_out() {
    for slow in SLOW {
        let listening = listening(2, &[]).await;
        let held = listening.hold(blocks(40), slow).await;
        listening.until_open(16).await;
        let answer = listening.ask(ip(CLIENT), HEALTH).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{slow}: {answer}");
        assert_eq!(listening.bench.site.connections.count(), 16, "{slow}");
        drop(held);
        listening.until_open(0).await;
        listening.end().await;
    }
}

#[tokio::test]
async fn a_named_proxy_may_hold_nearly_all() {
    let listening = listening(2, &["127.7.0.1"]).await;
    let proxy = std::iter::repeat_n(ip("127.7.0.1"), 14);
    let held = listening.hold(proxy, SLOW[0]).await;
    listening.until_open(14).await;
    assert_eq!(listening.bench.site.connections.displaced(), 0);
    let direct = listening.ask(ip(CLIENT), HEALTH).await;
    assert!(direct.starts_with("HTTP/1.1 200"), "{direct}");
    assert_eq!(listening.bench.site.connections.displaced(), 0);
    // One more displaces one of the proxy's own.
    let proxied = listening.ask(ip("127.7.0.1"), HEALTH).await;
    assert!(proxied.starts_with("HTTP/1.1 200"), "{proxied}");
    assert_eq!(listening.bench.site.connections.displaced(), 1);
    drop(held);
    listening.end().await;
}

#[tokio::test]
async fn a_proxy_on_this_machine_that_is_not_named_is_told_of_once() {
    start_log();
    let listening = listening(4, &["127.8.0.2"]).await;
    let forwarded =
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n";
    for (peer, request) in [
        ("127.8.0.1", "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("127.8.0.2", forwarded),
        ("127.8.0.3", forwarded),
        ("127.8.0.3", forwarded),
    ] {
        let answer = listening.ask(ip(peer), request).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(count_logged("--trusted-proxy 127.8.0.1"), 0);
    assert_eq!(count_logged("--trusted-proxy 127.8.0.2"), 0);
    assert_eq!(count_logged("--trusted-proxy 127.8.0.3"), 1);
    listening.end().await;
}

#[tokio::test]
async fn a_connection_in_use_is_not_displaced() {
    let listening = listening(1, &[]).await;
    let (site, client) = (Arc::clone(&listening.bench.site), ip("127.5.0.1"));
    let mut first = listening.send(client, HEALTH).await.unwrap();
    assert!(read_answer(&mut first).await.starts_with("HTTP/1.1 200"));
    // All workers wait, so the next request is under way for as long as this test likes.
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Arc::new(std::sync::Mutex::new(released));
    for _ in 0..2 {
        let released = Arc::clone(&released);
        let wait = move || assert!(released.lock().unwrap().recv().is_err());
        site.workers.submit(Box::new(wait)).unwrap();
    }
    tokio::io::AsyncWriteExt::write_all(&mut first, HEALTH.replace("healthz", "readyz").as_bytes())
        .await
        .unwrap();
    while site.workers.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let refused = listening.ask(client, "").await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1"), "{refused}");
    let (_, text) = refused.split_once("\r\n\r\n").unwrap();
    assert!(refused.contains(&format!("content-length: {}\r\n", text.len())), "{refused}");
    drop(release);
    assert!(read_answer(&mut first).await.starts_with("HTTP/1.1 200"));
    drop(first);
    listening.end().await;
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_gives_its_place_back() {
    let listening = listening(8, &[]).await;
    for slow in SLOW {
        let held = listening.hold(std::iter::repeat_n(ip(CLIENT), 8), slow).await;
        listening.until_open(8).await;
        drop(held);
        listening.until_open(0).await;
    }
    listening.end().await;
}

#[tokio::test]
async fn addresses_of_both_versions_have_shares() {
    let bench = Bench::with(|site| site.connections = connections(2));
    // A machine without IPv6 has nothing to test here.
    let Ok(listening) = Listening::on(bench, "[::1]:0").await else { return };
    let held = listening.hold(std::iter::repeat_n(ip("::1"), 6), SLOW[0]).await;
    listening.until_open(2).await;
    assert_eq!(listening.bench.site.connections.displaced(), 4);
    drop(held);
    listening.end().await;
}
