//! Who may read `/metrics`.

use std::net::SocketAddr;

use crate::support::{Portico, Request};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn programs_on_this_machine_read_the_metrics_and_proxies_do_not() {
    for portico in [Portico::sandbox(), Portico::serve()] {
        let answer = portico.get("/metrics");
        assert!(answer.status == 200 && answer.text().contains("portico_requests"), "{answer}");
        for (name, value) in [
            ("x-forwarded-for", "203.0.113.9"),
            ("forwarded", "for=203.0.113.9"),
            ("via", "1.1 proxy"),
        ] {
            let answer = portico.send(&Request::get("/metrics").header(name, value));
            assert_eq!(answer.status, 403, "{name} {answer}");
            assert!(answer.text().contains("--metrics-token-file FILE"), "{answer}");
            assert!(answer.text().contains("--metrics-listen ADDRESS"), "{answer}");
        }
    }
}

#[test]
fn a_client_of_a_trusted_proxy_counts_by_its_own_address() {
    let data = tempfile::tempdir().unwrap();
    let portico = Portico::serve_in(data.path(), &["--trusted-proxy", "127.0.0.1"]);
    let status = |client: &str| {
        portico.send(&Request::get("/metrics").header("x-forwarded-for", client)).status
    };
    assert_eq!((status("203.0.113.9"), status("127.0.0.1")), (403, 200));
}

#[test]
fn a_token_opens_the_metrics() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let file = file.to_str().unwrap();
    let portico = Portico::serve_in(&data.path().join("data"), &["--metrics-token-file", file]);
    let with = |value: &str| Request::get("/metrics").header("authorization", value);
    let forwarded = with(&format!("Bearer {TOKEN}")).header("x-forwarded-for", "203.0.113.9");
    assert_eq!(portico.send(&forwarded).status, 200);
    for request in [Request::get("/metrics"), with("Bearer wrong"), with("Basic eDp5")] {
        let answer = portico.send(&request);
        assert_eq!(answer.status, 403, "{answer}");
        assert!(answer.text().contains("Authorization: Bearer TOKEN"), "{answer}");
    }
}

#[test]
fn metrics_with_an_address_of_their_own_are_nowhere_else() {
    let data = tempfile::tempdir().unwrap();
    let portico = Portico::serve_in(data.path(), &["--metrics-listen", "127.0.0.1:0"]);
    assert_eq!(portico.get("/metrics").status, 403);
    let line = portico.printed.iter().find_map(|line| line.strip_prefix("# Metrics: http://"));
    let address: SocketAddr = line.unwrap().trim_end_matches("/metrics").parse().unwrap();
    let get = |target: &str| Request::get(target).header("host", "portico").send(address);
    let answer = get("/metrics");
    assert!(answer.status == 200 && answer.text().contains("portico_requests"), "{answer}");
    assert_eq!((get("/healthz").status, get("/readyz").status), (200, 200));
    for target in ["/", "/sign-in", "/start", "/bucket/key", "/_sandbox/mail"] {
        assert_eq!(get(target).status, 404, "{target}");
    }
    assert!(portico.terminate().success());
}
