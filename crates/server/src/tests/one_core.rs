//! A request uses one core, whatever is reset meanwhile.

use super::kit::{Bench, head};

/// The token of the form on the sign-in page.
fn token(page: &str) -> &str {
    let (_, after) = page.split_once("name=\"form_token\" value=\"").unwrap();
    after.split('"').next().unwrap()
}

#[tokio::test]
async fn a_page_is_made_with_the_core_that_its_request_began_with() {
    let mut bench = Bench::new();
    let visit = [("cookie", "portico-visit-8080=browser")];
    let begin = |bench: &Bench| bench.begin(head("GET", "/sign-in", &visit));
    let (_, before) = bench.answer(begin(&bench), String::new()).await;
    let request = begin(&bench);
    let mut other = bench.other_core();
    other.web.form_key = [9; 32];
    bench.site.replace_core(other);
    let (_, during) = bench.answer(request, String::new()).await;
    let (_, after) = bench.answer(begin(&bench), String::new()).await;
    assert_eq!(token(&during), token(&before));
    assert_ne!(token(&after), token(&before));
}
