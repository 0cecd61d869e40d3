//! The organisation, its accounts and instances, tags, jobs, the log and the keys.

use std::sync::Arc;

use model::AuditEvent;
use model::instance::{Instance, InstanceStatus};
use model::job::{Job, JobState};
use model::network::NetworkConfiguration;
use model::organization::{Account, JoinedMethod, Organization};
use model::tag::Tag;
use policy::{Caller, Policies, Principal};
use store::digest::{self, Digest};
use store::master_key::{self, SealedKey};
use store::{
    AuditRecord, Db, LoggedEvent, Origin, Stamp, account, instance, job, organization,
    organization_tag, tag,
};

use super::value;
use crate::audit::log;
use crate::harness::{account_id, instance_id, mac, read, uuid, write};

on_both_engines!(
    columns_of_an_account,
    columns_of_an_organization,
    columns_of_an_instance,
    columns_of_tags,
    columns_of_a_job,
    columns_of_an_event_and_its_digest,
    columns_of_a_master_key,
);

fn columns_of_an_account(db: &Db) {
    let written = Account {
        id: account_id(7),
        name: value("Name Seven"),
        email: value("Email.Seven@Example.com"),
        joined_method: JoinedMethod::Invited,
        joined_at_ms: 71,
    };
    write(db, |tx| account::insert(tx, &written)).unwrap();
    read(db, |read| {
        assert_eq!(account::find(read, &written.id), Ok(Some(written.clone())));
        assert_eq!(account::list(read, account_id(6).as_str(), 1), Ok(vec![written]));
        let key = value("eMail.sEven@eXample.com");
        assert_eq!(account::has_email(read, &key), Ok(true));
    });
}

fn columns_of_an_organization(db: &Db) {
    let written = Organization {
        id: value("o-abcdefghij"),
        root_id: value("r-abcd"),
        management_account_id: account_id(1),
        next_identity_store_id: value("d-00000000aa"),
        created_at_ms: 11,
    };
    write(db, |tx| organization::insert(tx, &written)).unwrap();
    assert_eq!(read(db, organization::find), Ok(Some(written)));
}

fn columns_of_an_instance(db: &Db) {
    write(db, |tx| account::insert(tx, &crate::harness::some_account(2))).unwrap();
    let written = Instance {
        id: value("ssoins-00000000000000bb"),
        identity_store_id: value("d-00000000bb"),
        owner_account_id: account_id(2),
        is_organization: false,
        name: Some(value("instance-name")),
        status: InstanceStatus::DeleteInProgress,
        network: Some(NetworkConfiguration {
            vpce_access_required: true,
            api_restrict_source_vpcs: vec![value("vpc-01234567")],
            api_allow_source_ips: vec![value("192.0.2.0/24")],
        }),
        created_at_ms: 21,
    };
    write(db, |tx| instance::insert(tx, &written, Some("client-token"))).unwrap();
    read(db, |read| {
        assert_eq!(instance::find(read, &written.id), Ok(Some(written.clone())));
        let store = &written.identity_store_id;
        assert_eq!(instance::find_by_store(read, store), Ok(Some(written.clone())));
        assert_eq!(instance::find_owned(read, &account_id(2)), Ok(Some(written)));
        let token = instance::find_client_token(read, &account_id(2));
        assert_eq!(token, Ok(Some("client-token".to_owned())));
    });
}

fn columns_of_tags(db: &Db) {
    let written = [Tag { key: value("key"), value: value("value") }];
    write(db, |tx| {
        tag::put(tx, &instance_id(), "arn:resource", &written).unwrap();
        organization_tag::put(tx, "r-abcd", &written).unwrap();
    });
    read(db, |read| {
        let of_resource = tag::list(read, &instance_id(), "arn:resource", "", 9);
        assert_eq!(of_resource.as_deref(), Ok(written.as_slice()));
        let of_root = organization_tag::list(read, "r-abcd", "", 9);
        assert_eq!(of_root.as_deref(), Ok(written.as_slice()));
    });
}

fn columns_of_a_job(db: &Db) {
    let written = Job {
        owner_id: "owner".to_owned(),
        id: uuid(1),
        kind: "DELETE_INSTANCE".to_owned(),
        state: JobState::Failed,
        payload: r#"{"pay":"load"}"#.to_owned(),
        failure_reason: Some("reason".to_owned()),
        attempts: 2,
        run_after_ms: 3,
        created_at_ms: 4,
        updated_at_ms: 5,
    };
    write(db, |tx| job::insert(tx, &written, 0)).unwrap();
    read(db, |read| {
        let found = job::require(read, "owner", "DELETE_INSTANCE", &uuid(1));
        assert_eq!(found, Ok(written));
    });
}

fn columns_of_an_event_and_its_digest(db: &Db) {
    let origin = Origin { source_address: "address".to_owned(), user_agent: "agent".to_owned() };
    let stamp = Stamp::new(9, &[7; 10], "request".to_owned(), origin);
    let caller =
        Arc::new(Caller { principal: Principal::Anonymous, policies: Policies::default() });
    let details = AuditEvent::new().asked("name", "detail");
    let (resource, error) = ("resource".to_owned(), Some("error".to_owned()));
    let record =
        AuditRecord::new(&caller, stamp.clone(), "sso:ListInstances", resource, error, details);
    let sealed = db.record_sealed(&[record], 8, &|hash| {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(hash);
        signature
    });
    let event = LoggedEvent {
        id: stamp.event_id,
        at_ms: 9,
        request_id: "request".to_owned(),
        account_id: None,
        caller_arn: "anonymous".to_owned(),
        identity: r#"{"type":"Unknown"}"#.to_owned(),
        action: "sso:ListInstances".to_owned(),
        resource: "resource".to_owned(),
        source_address: "address".to_owned(),
        user_agent: "agent".to_owned(),
        error: Some("error".to_owned()),
        details: r#"{"requestParameters":{"name":"detail"},"responseElements":{}}"#.to_owned(),
        digest: 1,
        // The first event of a test's database is of the same connection.
        writer: log(db).last().unwrap().id.clone(),
        sequence: 2,
        mac: Vec::new(),
    };
    let event = LoggedEvent { mac: mac(&event.bytes_under_mac()).to_vec(), ..event };
    let events = std::slice::from_ref(&event);
    let hash = digest::hash(digest::OF_PROOFS, &digest::NO_HASH, 1, 8, events);
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&hash);
    let format = digest::OF_PROOFS;
    let written = Digest { number: 1, sealed_at_ms: 8, event_count: 1, hash, signature, format };
    read(db, |read| {
        assert_eq!(digest::list_events(read, 1, "", 9), Ok(vec![Ok(event)]));
        assert_eq!(sealed.as_ref(), Ok(&written));
        assert_eq!(digest::list(read, 0, 9), Ok(vec![Ok(written)]));
    });
}

fn columns_of_a_master_key(db: &Db) {
    let written = SealedKey { number: 3, sealed: vec![1, 2, 0, 255], created_at_ms: 33 };
    write(db, |tx| assert_eq!(master_key::insert(tx, "purpose", &written), Ok(true)));
    let [found] = read(db, |read| master_key::list(read, "purpose")).unwrap().try_into().unwrap();
    assert_eq!(
        (found.number, found.sealed, found.created_at_ms),
        (3, written.sealed, written.created_at_ms)
    );
}
