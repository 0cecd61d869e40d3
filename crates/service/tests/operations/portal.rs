//! Lists of the portal for a person without a role.

use model::Fault;
use serde_json::json;
use testing::{ACCOUNT, Bench};

#[test]
fn a_token_of_no_list_is_told_by_the_name_that_the_portal_gives_it() {
    let bench = Bench::new();
    let (_, portal) = bench.create_person("alice");
    let alice = bench.caller_of(&portal).unwrap();
    for operation in ["SSOPortal.ListAccounts", "SSOPortal.ListAccountRoles"] {
        let body = json!({"accountId": ACCOUNT, "nextToken": "none-of-ours"});
        let fault = bench.call_as(&alice, operation, &body).unwrap_err();
        let bad = Fault::invalid("nextToken", "be one that the same query has returned");
        assert_eq!(fault, bad, "{operation}");
    }
}
