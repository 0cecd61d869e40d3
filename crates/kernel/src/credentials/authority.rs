//! Who a role session's keys make their holder, remembered until something changes.
//!
//! INVARIANT: what is remembered counts only under the number that `Signals::authority` had before
//! it was looked up. Every commit that can end or narrow an authority raises the number before it is
//! answered, so a change counts at the next call; other nodes' commits raise it by notice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::Fault;
use policy::{Caller, NoFacts, Policy, Principal, RoleSession, managed};
use protocol::sigv4::SigningKey;
use store::authority::{self, RolePolicies};

use super::{operator, session_token};
use crate::Portico;

/// The action of looking up what keys and cookies are good for.
pub(super) const READ_AUTHORITY: &str = "portico:ReadAuthority";

/// Maximum number of sessions that are remembered: about 3 KiB each.
const REMEMBERED_MAX: usize = 10_000;

/// A session token that was opened, and what came of it.
pub(super) struct Known {
    pub(super) caller: Arc<Caller>,
    pub(super) access_key_id: String,
    pub(super) expires_at_ms: i64,
    pub(super) secret: String,
    /// The key derived for the scope that was used last: clients rarely change theirs.
    pub(super) signing_key: Mutex<Option<(String, SigningKey)>>,
    authority: u64,
}

/// The sessions that are remembered, by session token.
#[derive(Default)]
pub struct Authorities {
    known: Mutex<HashMap<String, Arc<Known>>>,
}

impl Authorities {
    /// What is remembered of a token, if it still counts.
    pub(super) fn find(&self, portico: &Portico, token: &str) -> Option<Arc<Known>> {
        let now = portico.db.signals().authority()?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(token).filter(|known| known.authority == now).cloned()
    }

    /// Looks up the authority of an opened token, and remembers it.
    // Only tokens of good signatures come here, so strangers cannot fill the memory.
    pub(super) fn look_up(
        &self,
        portico: &Portico,
        token: &str,
        opened: session_token::Opened,
        signing_key: (String, SigningKey),
    ) -> Result<Arc<Known>, Fault> {
        // INVARIANT: the number is read before the database is.
        let authority = portico.db.signals().authority();
        let session_token::Opened { session, secret } = opened;
        let policies = policies_of(portico, &session)?;
        let known = Arc::new(Known {
            access_key_id: session.access_key_id.clone(),
            expires_at_ms: session.expires_at_ms,
            secret,
            signing_key: Mutex::new(Some(signing_key)),
            authority: authority.unwrap_or_default(),
            caller: Arc::new(Caller { principal: Principal::Role(session), policies }),
        });
        if authority.is_some() {
            let mut remembered = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if remembered.len() >= REMEMBERED_MAX {
                remembered.clear(); // Each costs a few dozen microseconds to find again.
            }
            remembered.insert(token.to_owned(), Arc::clone(&known));
        }
        Ok(known)
    }
}

/// The policies that apply to a session now, or the fault that its keys are withdrawn.
pub fn policies_of(portico: &Portico, session: &RoleSession) -> Result<Vec<Arc<Policy>>, Fault> {
    let Some(person) = &session.person else {
        // Keys without a person are the operator's, whose role has one policy.
        let is_operator = session.role_id == operator::ROLE_ID
            && session.account_id == portico.settings.management_account_id;
        return if is_operator { Ok(operator::policies()) } else { Err(Fault::RevokedKey) };
    };
    let permit = policy::authorize(&Portico::itself(), READ_AUTHORITY, "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    let found = authority::find_policies(&mut read, session, person)?;
    compile(&found.ok_or(Fault::RevokedKey)?)
}

/// The policies of a role, ready to evaluate.
fn compile(policies: &RolePolicies) -> Result<Vec<Arc<Policy>>, Fault> {
    let managed = policies.managed_policy_arns.iter().map(|arn| {
        let found = managed::find(arn).map(managed::ManagedPolicy::policy);
        found.ok_or_else(|| Fault::Broken(format!("managed policy {arn} is not known any more")))
    });
    let inline = policies.inline_policy.iter().map(|document| {
        // It was parsed when it was attached; a policy that does not parse now allows nothing.
        Policy::parse("AwsSSOInlinePolicy", document)
            .map(Arc::new)
            .map_err(|fault| Fault::Broken(format!("a stored inline policy: {fault:?}")))
    });
    managed.chain(inline).collect()
}
