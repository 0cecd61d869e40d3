//! What somebody puts together from pieces that they came by honestly.

use crate::support::{Organization, Portico, Request};

/// A link to an object that somebody signed has the key id and the session token in its query.
#[test]
fn what_stands_in_a_presigned_link_opens_no_console() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let set = organization.create_permission_set("Reader", &["s3:ListAllMyBuckets"]);
    let user = organization.create_user("alice");
    organization.assign("USER", &user, &organization.account, &set);
    let mut alice = organization.sign_in_first("alice", &user);
    let line = organization.command_line(&mut alice);
    let keys = organization.role_keys(&line, &organization.account, "Reader");

    let token = keys.session_token.as_deref().unwrap();
    let forged = [
        format!("{}.{token}", keys.id),
        format!("{}.{token}.", keys.id),
        format!("{}.{token}.{}", keys.id, "A".repeat(43)),
    ];
    for value in forged {
        let cookie = format!("portico-console-{}={value}", portico.address.port());
        for page in ["/console", "/setup/next"] {
            let answer = portico.send(&Request::get(page).header("cookie", &cookie));
            let closed = answer.text().contains(">The console is closed</h1>");
            assert!(answer.status == 403 && closed, "{answer}");
        }
    }
    let account = &organization.account;
    let page = alice.open(&format!("/start/console?account_id={account}&role_name=Reader"));
    let page = alice.press(&page, "/start/console");
    assert_eq!((page.answer.status, page.target.as_str()), (200, "/console"), "{}", page.answer);
}
