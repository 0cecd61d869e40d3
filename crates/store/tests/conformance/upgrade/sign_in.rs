//! Passwords, sessions, tokens, device codes and revocations of an earlier program.

use model::mfa::{MfaSettings, NoMfaSignInBehavior};
use model::oauth::{DeviceState, Rotation};
use model::password::PasswordKind;
use model::session::{RevocationScope, SessionKind};
use store::{
    client_session, device_authorization, revocation, session, setting, setup_link,
    sign_in_attempt, user_password,
};

use super::Upgraded;

super::on_both_upgraded!(
    a_password_reads_back,
    sessions_read_back,
    device_codes_read_back_in_their_states,
    attempts_revocations_and_the_setup_link_read_back,
    people_go_on_signing_in_without_a_second_factor,
);

fn a_password_reads_back(upgraded: &Upgraded) {
    upgraded.read(|read| {
        let store_id = upgraded.store_id();
        let signer = user_password::find_signer_by_name(read, store_id, "ann").unwrap().unwrap();
        let password = signer.password.unwrap();
        assert!(signer.is_enabled);
        assert_eq!((password.kind, password.revision), (PasswordKind::Chosen, 3));
        let remembered = user_password::list_remembered(read, store_id, &signer.user_id, 3);
        assert_eq!(remembered, Ok(vec![password.hash]));
        let without = user_password::find_signer_by_name(read, store_id, "off").unwrap().unwrap();
        assert_eq!((without.is_enabled, without.password), (false, None));
    });
}

fn sessions_read_back(upgraded: &Upgraded) {
    let user_id = upgraded.user_id("ann");
    upgraded.read(|read| {
        let store_id = upgraded.store_id();
        let sessions = session::list_of_user(read, store_id, &user_id, 0, "", 9).unwrap();
        assert_eq!(sessions.len(), 2);
        let is_portal = |kind: &SessionKind| *kind == SessionKind::Portal;
        let portal = sessions.iter().find(|session| is_portal(&session.kind)).unwrap();
        let client = sessions.iter().find(|session| !is_portal(&session.kind)).unwrap();
        let name = "botocore-client-fixture".parse().unwrap();
        let kind = SessionKind::Client { parent_id: portal.id.clone(), client_name: name };
        assert_eq!(client.kind, kind);
        assert_eq!(
            (portal.source_address.as_str(), portal.user_agent.as_str()),
            ("127.0.0.1", "Browser/1.0")
        );
        let found = client_session::find_live(read, store_id, &client.id, 0);
        let live = found.unwrap().unwrap();
        assert_eq!((&live.session, live.rotation), (client, Rotation::default()));
    });
}

fn device_codes_read_back_in_their_states(upgraded: &Upgraded) {
    upgraded.read(|read| {
        let mut states = Vec::new();
        for hash in upgraded.hashes("device_authorization") {
            let found = device_authorization::find(read, &hash).unwrap().unwrap();
            assert_eq!(found.client_name, "botocore-client-fixture".parse().unwrap());
            assert_eq!(found.expires_at_ms - found.created_at_ms, 600_000);
            states.push(match found.state {
                DeviceState::Pending => "pending",
                DeviceState::Used { .. } => "used",
                DeviceState::Confirmed { .. }
                | DeviceState::Approved { .. }
                | DeviceState::Denied => "another",
            });
        }
        states.sort_unstable();
        assert_eq!(states, ["pending", "used"]);
    });
}

fn attempts_revocations_and_the_setup_link_read_back(upgraded: &Upgraded) {
    upgraded.read(|read| {
        let scopes = upgraded.hashes("sign_in_attempt");
        let attempts = scopes.iter().map(|scope| sign_in_attempt::find(read, scope).unwrap());
        let (failures, successes) = attempts.fold((0, 0), |(failures, successes), attempts| {
            (failures + attempts.failures, successes + i64::from(attempts.succeeded_at_ms > 0))
        });
        assert!(failures > 0 && successes > 0, "{failures} {successes}");
        let off = upgraded.user_id("off");
        let scope = RevocationScope::User(upgraded.store_id().clone(), off);
        assert!(revocation::find(read, &scope).unwrap().is_some());
        let [link] = upgraded.hashes("setup_link").try_into().unwrap();
        assert_eq!(setup_link::is_good(read, &link, 0), Ok(true));
    });
}

fn people_go_on_signing_in_without_a_second_factor(upgraded: &Upgraded) {
    let instance_id = &upgraded.instance.id;
    let found: MfaSettings = upgraded.read(|read| setting::find(read, instance_id)).unwrap();
    let no_mfa_sign_in_behavior = NoMfaSignInBehavior::Allowed;
    assert_eq!(found, MfaSettings { no_mfa_sign_in_behavior, ..MfaSettings::default() });
}
