//! Buckets: created, named, found, owned, removed.

use crate::testing::{FIRST, SECOND, Shop};

#[tokio::test]
async fn a_bucket_is_made_found_and_removed() {
    let shop = Shop::open();
    let made = shop.call(FIRST, "PUT /photos", b"").await;
    assert_eq!((made.status, made.header("location")), (200, "/photos"));
    let found = shop.call(FIRST, "HEAD /photos", b"").await;
    assert_eq!((found.status, found.header("x-amz-bucket-region")), (200, "us-east-1"));
    let listed = shop.call(FIRST, "GET /", b"").await;
    assert_eq!(listed.elements("Name"), ["photos"]);
    assert_eq!(listed.element("CreationDate"), "2026-01-02T03:04:05.678Z");
    assert_eq!(listed.element("ID"), FIRST);
    assert_eq!(shop.call(FIRST, "DELETE /photos", b"").await.status, 204);
    assert_eq!(shop.call(FIRST, "DELETE /photos", b"").await.error(), (404, "NoSuchBucket".into()));
    assert!(shop.call(FIRST, "GET /", b"").await.elements("Name").is_empty());
}

#[tokio::test]
async fn a_bucket_is_where_its_maker_said() {
    let shop = Shop::open();
    let place = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
        <LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    assert_eq!(shop.call(FIRST, "PUT /photos", place.as_bytes()).await.status, 200);
    let location = shop.call(FIRST, "GET /photos?location", b"").await;
    assert!(location.text().contains(">eu-west-1</LocationConstraint>"), "{}", location.text());
    let again = shop.call(FIRST, "PUT /photos", place.as_bytes()).await;
    assert_eq!(again.error(), (409, "BucketAlreadyOwnedByYou".into()));
    let bad = place.replace("eu-west-1", "a b");
    let refused = shop.call(FIRST, "PUT /others", bad.as_bytes()).await;
    assert_eq!(refused.error(), (400, "InvalidLocationConstraint".into()));
    let malformed = shop.call(FIRST, "PUT /others", b"<CreateBucket").await;
    assert_eq!(malformed.error(), (400, "MalformedXML".into()));
}

#[tokio::test]
async fn a_bucket_is_made_with_tags() {
    let shop = Shop::open();
    let tagged = "<c:CreateBucketConfiguration xmlns:c=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
        <c:LocationConstraint>eu-west-1</c:LocationConstraint><c:Tags><c:Tag><c:Key>team</c:Key>\
        <c:Value>a <![CDATA[b]]></c:Value></c:Tag><c:Tag><c:Key>stage</c:Key><c:Value></c:Value></c:Tag>\
        </c:Tags></c:CreateBucketConfiguration>";
    let made = shop.call(FIRST, "PUT /photos", tagged.as_bytes()).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let tags = shop.call(FIRST, "GET /photos?tagging", b"").await;
    assert_eq!(tags.elements("Key"), ["stage", "team"], "{}", tags.text());
    assert_eq!(tags.elements("Value"), ["", "a b"], "{}", tags.text());
    let location = shop.call(FIRST, "GET /photos?location", b"").await;
    assert!(location.text().contains(">eu-west-1</LocationConstraint>"), "{}", location.text());
    let none = "<CreateBucketConfiguration><Tags/></CreateBucketConfiguration>";
    assert_eq!(shop.call(FIRST, "PUT /others", none.as_bytes()).await.status, 200);
    let untagged = shop.call(FIRST, "GET /others?tagging", b"").await;
    assert_eq!(untagged.error(), (404, "NoSuchTagSet".into()));
}

#[tokio::test]
async fn a_region_is_a_filter_of_whole_pages() {
    let shop = Shop::open();
    let place = b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>\
        </CreateBucketConfiguration>";
    for (number, name) in ["alpha", "beta", "gamma", "delta"].into_iter().enumerate() {
        let body: &[u8] = if number % 2 == 0 { b"" } else { place };
        shop.call(FIRST, &format!("PUT /{name}"), body).await;
    }
    let first = shop.call(FIRST, "GET /?bucket-region=eu-west-1&max-buckets=1", b"").await;
    assert_eq!(first.elements("Name"), ["beta"]);
    let token = first.element("ContinuationToken");
    let rest = format!("GET /?bucket-region=eu-west-1&max-buckets=1&continuation-token={token}");
    let rest = shop.call(FIRST, &rest, b"").await;
    assert_eq!(rest.elements("Name"), ["delta"]);
    assert!(rest.elements("ContinuationToken").is_empty());
    let other = format!("GET /?bucket-region=us-east-1&continuation-token={token}");
    assert_eq!(shop.call(FIRST, &other, b"").await.error(), (400, "InvalidArgument".into()));
    let wrong = shop.call(FIRST, "GET /?bucket-region=a%20b", b"").await;
    assert_eq!(wrong.error(), (400, "InvalidArgument".into()));
}

#[tokio::test]
async fn a_name_is_one_bucket_in_all_accounts() {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    // AWS: in us-east-1 the owner may create it again without an effect.
    assert_eq!(shop.call(FIRST, "PUT /photos", b"").await.status, 200);
    let taken = shop.call(SECOND, "PUT /photos", b"").await;
    assert_eq!(taken.error(), (409, "BucketAlreadyExists".into()));
}

#[tokio::test]
async fn an_account_never_sees_anothers_bucket() {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let upload = shop.call(FIRST, "POST /photos/dog?uploads", b"").await.element("UploadId");
    assert!(shop.call(SECOND, "GET /", b"").await.elements("Name").is_empty());
    let delete = b"<Delete><Object><Key>cat</Key></Object></Delete>";
    for (what, body) in [
        ("GET /photos", &b""[..]),
        ("GET /photos?list-type=2", b""),
        ("GET /photos?versions", b""),
        ("GET /photos?uploads", b""),
        ("GET /photos?location", b""),
        ("GET /photos?acl", b""),
        ("GET /photos?versioning", b""),
        ("GET /photos/cat", b""),
        ("GET /photos/cat?acl", b""),
        ("GET /photos/cat?tagging", b""),
        ("GET /photos/mouse", b""),
        ("PUT /photos/cat", b"woof"),
        ("DELETE /photos/cat", b""),
        ("DELETE /photos", b""),
        ("POST /photos/cat?uploads", b""),
        (&format!("GET /photos/dog?uploadId={upload}"), b""),
        (&format!("PUT /photos/dog?partNumber=1&uploadId={upload}"), b"x"),
        (&format!("DELETE /photos/dog?uploadId={upload}"), b""),
    ] {
        let answer = shop.call(SECOND, what, body).await;
        assert_eq!(answer.error(), (403, "AccessDenied".into()), "{what}");
    }
    assert_eq!(shop.call(SECOND, "HEAD /photos", b"").await.status, 403);
    assert_eq!(shop.call(SECOND, "HEAD /photos/cat", b"").await.status, 403);
    let deleted = shop.call(SECOND, "POST /photos?delete", delete).await;
    assert_eq!(deleted.error(), (403, "AccessDenied".into()));
    let copy = [("x-amz-copy-source", "photos/cat")];
    shop.call(SECOND, "PUT /mine", b"").await;
    let copied = shop.call_with(SECOND, "PUT /mine/cat", &copy, b"").await;
    assert_eq!(copied.error(), (403, "AccessDenied".into()));
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
}

#[tokio::test]
async fn a_bucket_with_objects_stays() {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let upload = shop.call(FIRST, "POST /photos/dog?uploads", b"").await.element("UploadId");
    let part = format!("PUT /photos/dog?partNumber=1&uploadId={upload}");
    shop.call(FIRST, &part, b"woof").await;
    let refused = shop.call(FIRST, "DELETE /photos", b"").await;
    assert_eq!(refused.error(), (409, "BucketNotEmpty".into()));
    assert_eq!(shop.call(FIRST, "GET /photos?uploads", b"").await.elements("UploadId").len(), 1);
    shop.call(FIRST, "DELETE /photos/cat", b"").await;
    assert_eq!(shop.call(FIRST, "DELETE /photos", b"").await.status, 204);
    assert!(shop.settled_files(0).await.is_empty());
}

#[tokio::test]
async fn a_name_against_the_rules_is_refused_with_the_rule() {
    let shop = Shop::open();
    for name in ["ab", "Photos", "a_b", "192.168.5.4", "xn--photos", "..", "a%2Fb"] {
        let answer = shop.call(FIRST, &format!("PUT /{name}"), b"").await;
        assert_eq!(answer.error(), (400, "InvalidBucketName".into()), "{name}");
    }
}

#[tokio::test]
async fn buckets_are_listed_in_pages() {
    let shop = Shop::open();
    for name in ["alpha", "beta", "beth", "gamma"] {
        shop.call(FIRST, &format!("PUT /{name}"), b"").await;
    }
    let first = shop.call(FIRST, "GET /?max-buckets=3", b"").await;
    assert_eq!(first.elements("Name"), ["alpha", "beta", "beth"]);
    let token = first.element("ContinuationToken");
    let rest = format!("GET /?max-buckets=3&continuation-token={token}");
    assert_eq!(shop.call(FIRST, &rest, b"").await.elements("Name"), ["gamma"]);
    let with = shop.call(FIRST, "GET /?prefix=be", b"").await;
    assert_eq!(with.elements("Name"), ["beta", "beth"]);
    let foreign = shop.call(SECOND, &format!("GET /?continuation-token={token}"), b"").await;
    assert_eq!(foreign.error(), (400, "InvalidArgument".into()));
}

#[tokio::test]
async fn what_clients_ask_of_a_bucket_is_answered_truly() {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    let get = async |what: &str| shop.call(FIRST, &format!("GET /photos?{what}"), b"").await;
    assert_eq!(get("versioning").await.element("Status"), "");
    assert_eq!(get("acl").await.element("Permission"), "FULL_CONTROL");
    assert_eq!(get("ownershipControls").await.element("ObjectOwnership"), "BucketOwnerEnforced");
    assert_eq!(get("publicAccessBlock").await.element("BlockPublicPolicy"), "true");
    assert_eq!(get("requestPayment").await.element("Payer"), "BucketOwner");
    for (what, code) in [
        ("policy", "NoSuchBucketPolicy"),
        ("tagging", "NoSuchTagSet"),
        ("lifecycle", "NoSuchLifecycleConfiguration"),
        ("cors", "NoSuchCORSConfiguration"),
        ("website", "NoSuchWebsiteConfiguration"),
        ("replication", "ReplicationConfigurationNotFoundError"),
        ("encryption", "ServerSideEncryptionConfigurationNotFoundError"),
        ("object-lock", "ObjectLockConfigurationNotFoundError"),
    ] {
        assert_eq!(get(what).await.error(), (404, code.into()), "{what}");
    }
    for what in ["PUT /photos?versioning", "PUT /photos?policy", "PUT /photos?acl"] {
        let answer = shop.call(FIRST, what, b"<A></A>").await;
        assert!(matches!(answer.status, 400 | 501), "{what} {}", answer.text());
    }
}

#[tokio::test]
async fn a_bucket_has_the_tags_that_it_was_given() {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    let document = |pairs: &[(&str, &str)]| {
        let tag = |(key, value): &(&str, &str)| {
            format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>")
        };
        let tags: String = pairs.iter().map(tag).collect();
        format!("<Tagging><TagSet>{tags}</TagSet></Tagging>")
    };
    let put = async |pairs: &[(&str, &str)]| {
        shop.call(FIRST, "PUT /photos?tagging", document(pairs).as_bytes()).await
    };
    let get = async || shop.call(FIRST, "GET /photos?tagging", b"").await;
    assert_eq!(put(&[("team", "a + b"), ("cost", "1")]).await.status, 204);
    let told = get().await;
    assert_eq!((told.status, told.elements("Key")), (200, vec!["cost".into(), "team".into()]));
    assert_eq!(told.elements("Value"), ["1", "a + b"]);
    assert_eq!(put(&[("team", "c")]).await.status, 204);
    assert_eq!(get().await.elements("Value"), ["c"]);
    for (pairs, code) in
        [(&[("a", "1"), ("a", "2")][..], "InvalidTag"), (&[("aws:a", "1")], "InvalidTag")]
    {
        assert_eq!(put(pairs).await.error(), (400, code.into()), "{pairs:?}");
    }
    let names: Vec<String> = (0..51).map(|number| number.to_string()).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(put(&many[..50]).await.status, 204);
    assert_eq!(put(&many).await.error(), (400, "BadRequest".into()));
    assert_eq!(shop.call(FIRST, "DELETE /photos?tagging", b"").await.status, 204);
    assert_eq!(get().await.error(), (404, "NoSuchTagSet".into()));
    assert_eq!(put(&[("team", "c")]).await.status, 204);
    assert_eq!(put(&[]).await.status, 204);
    assert_eq!(get().await.error(), (404, "NoSuchTagSet".into()));
    let foreign = document(&[("team", "c")]);
    let refused = shop.call(SECOND, "PUT /photos?tagging", foreign.as_bytes()).await;
    assert_eq!(refused.error(), (403, "AccessDenied".into()));
}

#[tokio::test]
async fn public_access_is_always_blocked() {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    let settings =
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    let document = |on: usize| {
        let setting = |(place, name): (usize, &&str)| format!("<{name}>{}</{name}>", place < on);
        let settings: String = settings.iter().enumerate().map(setting).collect();
        format!("<PublicAccessBlockConfiguration>{settings}</PublicAccessBlockConfiguration>")
    };
    let what = "PUT /photos?publicAccessBlock";
    assert_eq!(shop.call(FIRST, what, document(4).as_bytes()).await.status, 200);
    for refused in [
        document(3),
        document(0),
        document(4).replace("<BlockPublicAcls>true</BlockPublicAcls>", ""),
    ] {
        let answer = shop.call(FIRST, what, refused.as_bytes()).await;
        assert_eq!(answer.error(), (501, "NotImplemented".into()), "{refused}");
    }
    let removed = shop.call(FIRST, "DELETE /photos?publicAccessBlock", b"").await;
    assert_eq!(removed.error(), (501, "NotImplemented".into()));
    let told = shop.call(FIRST, "GET /photos?publicAccessBlock", b"").await;
    for name in settings {
        assert_eq!(told.element(name), "true", "{name}");
    }
}
