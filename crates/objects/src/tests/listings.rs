//! Listings: both versions, with prefixes, delimiters, pages and encodings.

use crate::testing::{FIRST, SECOND, Shop};

const KEYS: [&str; 7] =
    ["asdf", "boo", "boo/bar", "boo/baz/xyzzy", "cquux/bla", "cquux/thud", "%C3%A4"];

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    for key in KEYS {
        shop.call(FIRST, &format!("PUT /photos/{key}"), b"x").await;
    }
    shop
}

#[tokio::test]
async fn both_versions_list_keys_in_the_order_of_their_bytes() {
    let shop = shop().await;
    let sorted = ["asdf", "boo", "boo/bar", "boo/baz/xyzzy", "cquux/bla", "cquux/thud", "ä"];
    let first = shop.call(FIRST, "GET /photos", b"").await;
    assert_eq!(first.elements("Key"), sorted);
    assert_eq!(first.elements("ID").len(), KEYS.len());
    let second = shop.call(FIRST, "GET /photos?list-type=2", b"").await;
    assert_eq!(second.elements("Key"), sorted);
    assert_eq!(second.element("KeyCount"), "7");
    assert_eq!(second.element("IsTruncated"), "false");
    assert!(second.elements("ID").is_empty());
    assert_eq!(second.element("Size"), "1");
    assert_eq!(second.element("StorageClass"), "STANDARD");
    assert_eq!(second.element("ETag"), "\"9dd4e461268c8034f5c8564e155c67a6\"");
    let owned = shop.call(FIRST, "GET /photos?list-type=2&fetch-owner=true", b"").await;
    assert_eq!(owned.elements("ID").len(), KEYS.len());
    let versions = shop.call(FIRST, "GET /photos?versions", b"").await;
    assert_eq!(versions.elements("Key"), sorted);
    assert_eq!(versions.element("VersionId"), "null");
}

#[tokio::test]
async fn pages_of_the_second_version_follow_their_tokens() {
    let shop = shop().await;
    for size in 1..=5 {
        let (mut keys, mut prefixes, mut token) = (vec![], vec![], String::new());
        loop {
            let more = if token.is_empty() {
                String::new()
            } else {
                format!("&continuation-token={token}")
            };
            let what = format!("GET /photos?list-type=2&delimiter=/&max-keys={size}{more}");
            let page = shop.call(FIRST, &what, b"").await;
            assert_eq!(page.status, 200, "{}", page.text());
            keys.extend(page.elements("Key"));
            let common = page.elements("CommonPrefixes");
            assert!(page.elements("Key").len() + common.len() <= size);
            prefixes.extend(common);
            token = page.element("NextContinuationToken");
            assert_eq!(page.element("IsTruncated"), (!token.is_empty()).to_string());
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(keys, ["asdf", "boo", "ä"]);
        assert_eq!(prefixes, ["<Prefix>boo/</Prefix>", "<Prefix>cquux/</Prefix>"]);
    }
}

#[tokio::test]
async fn pages_of_the_first_version_follow_their_markers() {
    let shop = shop().await;
    let page = shop.call(FIRST, "GET /photos?delimiter=/&max-keys=3", b"").await;
    assert_eq!(page.element("NextMarker"), "boo/");
    let page = shop.call(FIRST, "GET /photos?delimiter=/&max-keys=3&marker=boo/", b"").await;
    assert_eq!(page.elements("Key"), ["ä"]);
    assert_eq!(page.elements("CommonPrefixes"), ["<Prefix>cquux/</Prefix>"]);
    let page = shop.call(FIRST, "GET /photos?max-keys=2", b"").await;
    assert_eq!(
        (page.element("NextMarker"), page.element("IsTruncated")),
        (String::new(), "true".into())
    );
    let page = shop.call(FIRST, "GET /photos?marker=boo&max-keys=1", b"").await;
    assert_eq!(page.elements("Key"), ["boo/bar"]);
}

#[tokio::test]
async fn a_listing_may_begin_after_a_key_and_within_a_prefix() {
    let shop = shop().await;
    let list = async |query: &str| {
        shop.call(FIRST, &format!("GET /photos?list-type=2&{query}"), b"").await
    };
    assert_eq!(list("start-after=cquux/bla").await.elements("Key"), ["cquux/thud", "ä"]);
    assert_eq!(list("prefix=boo/").await.elements("Key"), ["boo/bar", "boo/baz/xyzzy"]);
    assert_eq!(list("prefix=%C3%A4").await.elements("Key"), ["ä"]);
    assert!(list("prefix=nothing").await.elements("Key").is_empty());
    assert!(list("max-keys=0").await.elements("Key").is_empty());
    assert_eq!(list("max-keys=0").await.element("IsTruncated"), "false");
    assert_eq!(list("max-keys=5000").await.element("MaxKeys"), "1000");
    let odd = list("delimiter=oo").await;
    assert_eq!(odd.elements("CommonPrefixes"), ["<Prefix>boo</Prefix>"]);
}

#[tokio::test]
async fn keys_may_be_listed_encoded() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/a%20b%2B%26%0A", b"x").await;
    let what =
        "GET /photos?list-type=2&encoding-type=url&prefix=a%20&start-after=%C3%84&delimiter=%26";
    let listed = shop.call(FIRST, what, b"").await;
    assert_eq!(listed.element("EncodingType"), "url");
    assert_eq!(listed.elements("CommonPrefixes"), [""; 0]);
    let what = "GET /photos?list-type=2&encoding-type=url&prefix=a%20&delimiter=%26";
    let listed = shop.call(FIRST, what, b"").await;
    assert_eq!(listed.elements("CommonPrefixes"), ["<Prefix>a%20b%2B%26</Prefix>"]);
    let plain = shop.call(FIRST, "GET /photos?prefix=a%20", b"").await;
    assert_eq!(plain.element("Key"), "a b+&amp;\n");
}

#[tokio::test]
async fn a_token_is_good_for_its_own_list_only() {
    let shop = shop().await;
    shop.call(SECOND, "PUT /others", b"").await;
    let page = shop.call(FIRST, "GET /photos?list-type=2&max-keys=1", b"").await;
    let token = page.element("NextContinuationToken");
    for (key_id, query) in [
        (FIRST, format!("/photos?list-type=2&prefix=b&continuation-token={token}")),
        (FIRST, "/photos?list-type=2&continuation-token=AAAA".to_owned()),
        (SECOND, format!("/others?list-type=2&continuation-token={token}")),
    ] {
        let answer = shop.call(key_id, &format!("GET {query}"), b"").await;
        assert_eq!(answer.error(), (400, "InvalidArgument".into()), "{query}");
    }
}

#[tokio::test]
async fn an_empty_token_is_none() {
    let shop = shop().await;
    let whole = shop.call(FIRST, "GET /photos?list-type=2", b"").await.elements("Key");
    let what = "GET /photos?list-type=2&continuation-token=";
    let listed = shop.call(FIRST, what, b"").await;
    assert_eq!(listed.elements("Key"), whole, "{}", listed.text());
    assert!(listed.text().contains("<ContinuationToken></ContinuationToken>"), "{}", listed.text());
    let buckets = shop.call(FIRST, "GET /?continuation-token=&prefix=pho", b"").await;
    assert_eq!(buckets.elements("Name"), ["photos"]);
}

#[tokio::test]
async fn a_space_in_a_query_may_be_a_plus() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/a%20b/c", b"1").await;
    shop.call(FIRST, "PUT /photos/a%2Bb/c", b"1").await;
    let listed = shop.call(FIRST, "GET /photos?list-type=2&prefix=a+b/", b"").await;
    assert_eq!(listed.elements("Key"), ["a b/c"], "{}", listed.text());
    let listed = shop.call(FIRST, "GET /photos?list-type=2&prefix=a%2Bb/", b"").await;
    assert_eq!(listed.elements("Key"), ["a+b/c"], "{}", listed.text());
}

#[tokio::test]
async fn what_a_list_request_gets_wrong_is_named() {
    let shop = shop().await;
    for query in [
        "max-keys=-1",
        "max-keys=x",
        "encoding-type=json",
        "prefix=%00",
        "delimiter=%EF%BF%BE",
        "list-type=2&start-after=%00",
        "list-type=2&max-keys=99999999999",
    ] {
        let answer = shop.call(FIRST, &format!("GET /photos?{query}"), b"").await;
        assert_eq!(answer.error(), (400, "InvalidArgument".into()), "{query} {}", answer.text());
    }
    let gone = shop.call(FIRST, "GET /nowhere?list-type=2", b"").await;
    assert_eq!(gone.error(), (404, "NoSuchBucket".into()));
}
