//! The effects of jobs: accounts, assignments and roles.

use serde_json::{Value, json};

use super::kind::{ACCOUNT, ASSIGNMENT, KINDS, PROVISIONING, addressed, list_all};
use super::trace::once;
use super::write::Write;
use crate::support::{Organization, text};

/// Maximum number of calls that wait for jobs. Together they take longer than the lease of a claim
/// that PostgreSQL committed after the next server had started.
const QUESTIONS_MAX: usize = 500_000;

/// Waits until no job is pending.
pub fn wait_for_jobs(organization: &Organization<'_>) {
    for kind in KINDS {
        let Some(unfinished) = kind.unfinished else { continue };
        let input = addressed(organization, kind.list, serde_json::from_str(unfinished).unwrap());
        let under_way = || {
            let reply = organization.call(kind.list, &input).ok();
            reply.pointer(kind.listed).unwrap().as_array().unwrap().len()
        };
        let ended = (0..QUESTIONS_MAX).any(|_| under_way() == 0);
        assert!(ended, "jobs of {} do not end", kind.create);
    }
}

/// Checks that the jobs of one round's writes took effect.
pub fn assert_done(organization: &Organization<'_>, done: &[(&Write, Value)]) {
    let accounts =
        list_all(organization, "AWSOrganizationsV20161128.ListAccounts", json!({}), "/Accounts");
    let mut assigned = Vec::new();
    for (write, described) in done {
        if write.kind.create == ACCOUNT.create {
            let account = accounts.iter().find(|account| account["Id"] == described["AccountId"]);
            let account = account.unwrap_or_else(|| panic!("no account of {described}"));
            assert_eq!(account["Name"], write.input["AccountName"], "{described}");
            assert_eq!(account["Email"], write.input["Email"], "{described}");
        } else if write.kind.create == PROVISIONING.create {
            let operation = "SWBExternalService.ListAccountsForProvisionedPermissionSet";
            let input = json!({
                "PermissionSetArn": write.input["PermissionSetArn"],
                "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED",
            });
            let behind = list_all(organization, operation, input, "/AccountIds");
            assert_eq!(behind, [] as [Value; 0], "{described}");
        } else if write.kind.create == ASSIGNMENT.create {
            assigned.push(write);
        }
    }
    // Each round assigns one permission set in one account.
    let Some(one) = assigned.first() else { return };
    let operation = "SWBExternalService.ListAccountAssignments";
    let input = json!({
        "AccountId": one.input["TargetId"], "PermissionSetArn": one.input["PermissionSetArn"],
    });
    let there = list_all(organization, operation, input, "/AccountAssignments");
    let there = there.iter().map(|assignment| text(&assignment["PrincipalId"]));
    let asked = assigned.iter().map(|write| text(&write.input["PrincipalId"]));
    assert_eq!(once(there, operation), once(asked, operation));
}
