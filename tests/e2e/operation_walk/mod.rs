//! Every operation is refused to callers without a signature, without permission and from another
//! account, and succeeds for its administrator; each of these calls leaves its event in the audit log.

mod driver;
mod log;
mod portal;

use std::collections::BTreeSet;

use examples::World;
use serde_json::json;

use crate::support::{Organization, Portico};
use driver::Driver;

#[test]
fn every_operation_refuses_nobody_the_poor_and_strangers_and_each_try_is_in_the_audit_log() {
    let folder = tempfile::tempdir().unwrap();
    // Requests of strangers name an address of their own.
    let portico = Portico::serve_in(folder.path(), &["--trusted-proxy", "127.0.0.1"]);
    let data = ["--data", folder.path().to_str().unwrap()];
    let organization = Organization::of(&portico, Organization::operator(&data));
    let nearly_nothing = organization.create_permission_set("Poor", &["s3:ListAllMyBuckets"]);
    let everything = organization.create_permission_set("Rich", &["*"]);
    let storage = organization.create_account("storage");
    let [poor, rich] = ["poor", "rich"].map(|name| organization.create_user(name));
    organization.assign("USER", &poor, &organization.account, &nearly_nothing);
    organization.assign("USER", &rich, &storage, &everything);
    let line = organization.command_line(&mut organization.sign_in_first("poor", &poor));
    let rich_line = organization.command_line(&mut organization.sign_in_first("rich", &rich));
    let elsewhere = organization.person_with_a_role("elsewhere", &storage, &nearly_nothing);
    let poor = organization.role_keys(&line, &organization.account, "Poor");
    let member = organization.role_keys(&rich_line, &storage, "Rich");

    let mut driver = Driver::new(&organization, poor, member);
    portal::assert_accounts_are_apart(&mut driver, &line, "Poor", &elsewhere);
    examples::walk(&mut driver, &mut World::default());

    let served: BTreeSet<&str> = service::operations().map(kernel::Served::name).collect();
    let without_an_example: Vec<_> = served.difference(&driver.done).collect();
    assert_eq!(without_an_example, [&""; 0], "operations without an example");
    assert!(driver.complaints.is_empty(), "{:#?}", driver.complaints);
    let asked = driver.asked;
    // Reads may be buffered for a second; a graceful end writes them.
    assert!(portico.terminate().success());
    let exported = Portico::run(&[&["audit", "export"], &data[..]].concat());
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let exported = String::from_utf8(exported.stdout).unwrap();
    assert!(exported.contains("\"eventName\":\"FoundOrganization\""), "the first start is told of");
    log::compare(&asked, &exported);
}

#[test]
fn an_account_that_stands_alone_makes_its_organization() {
    let portico = Portico::sandbox_with(&["--no-organization"]);
    let made = portico.call("AWSOrganizationsV20161128.CreateOrganization", &json!({})).ok();
    assert_eq!(made["Organization"]["FeatureSet"], "ALL", "{made}");
    portico.call("AWSOrganizationsV20161128.DescribeOrganization", &json!({})).ok();
}
