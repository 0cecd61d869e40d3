//! The size of the futures that are moved with each request.

use std::sync::Arc;

use axum::body::Body;

use super::kit::{Bench, head};
use crate::shell::answer_exchange;

#[test]
fn the_future_of_a_request_is_small() {
    let bench = Bench::new();
    let exchange = Box::new(bench.begin(head("GET", "/", &[])));
    let answered = answer_exchange(Arc::clone(&bench.site), exchange, Body::empty());
    let bytes = size_of_val(&answered);
    assert!(bytes <= 1_024, "{bytes} bytes");
}
