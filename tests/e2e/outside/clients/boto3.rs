//! boto3, the AWS SDK for Python.

use super::sdk::{self, Sdk};
use crate::support::Home;

const BOTO3: Sdk = Sdk {
    run: Home::python,
    operator: include_str!("operator.py"),
    person: include_str!("person.py"),
    by_profile: include_str!("by_profile.py"),
    profile: include_str!("profile.py"),
    over: "UnauthorizedException",
};

#[test]
fn an_operator_and_a_person_come_from_an_empty_server_to_s3_by_boto3() {
    sdk::come_to_s3(&BOTO3);
}

#[test]
fn boto3_gets_role_credentials_from_the_profile_of_a_login() {
    sdk::work_by_profile(&BOTO3);
}

#[test]
fn boto3_refreshes_a_token_that_ran_out_and_the_old_refresh_token_ends_the_login() {
    sdk::refresh(&BOTO3);
}
