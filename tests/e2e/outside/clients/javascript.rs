//! The AWS SDK for JavaScript, version 3.

use super::sdk::{self, Sdk};
use crate::support::Home;

const JAVASCRIPT: Sdk = Sdk {
    run: Home::node,
    operator: include_str!("operator.mjs"),
    person: include_str!("person.mjs"),
    by_profile: include_str!("by_profile.mjs"),
    profile: include_str!("profile.mjs"),
    over: "UnauthorizedException",
};

#[test]
fn an_operator_and_a_person_come_from_an_empty_server_to_s3_by_javascript() {
    sdk::come_to_s3(&JAVASCRIPT);
}

#[test]
fn javascript_gets_role_credentials_from_the_profile_of_a_login() {
    sdk::work_by_profile(&JAVASCRIPT);
}

#[test]
fn javascript_refreshes_a_token_that_ran_out_and_the_old_refresh_token_ends_the_login() {
    sdk::refresh(&JAVASCRIPT);
}
