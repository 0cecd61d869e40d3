//! Condition keys of a request.
//!
//! IAM User Guide, "AWS global condition context keys". `policy::supplied` lists which keys are here.

use model::ids::AccountId;
use policy::{Caller, Facts, Principal, RolePerson, RoleSession, Values};
use protocol::timestamp::rfc_3339;

use crate::{Portico, RequestInfo};

pub(crate) struct RequestFacts<'r> {
    pub(crate) portico: &'r Portico,
    pub(crate) caller: &'r Caller,
    pub(crate) request: &'r RequestInfo,
    /// Condition keys that are specific to the action, such as `s3:prefix`.
    pub(crate) keys: &'r [(&'r str, &'r str)],
}

impl Facts for RequestFacts<'_> {
    fn values(&self, key: &str) -> Values<'_> {
        let own = self.keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        if let Some((_, value)) = own {
            return Some(*value).into();
        }
        let request = self.request;
        let now_ms = || self.portico.clock.now_ms();
        let flag = |flag| Some(if flag { "true" } else { "false" });
        match key {
            "aws:sourceip" => Some(request.origin.source_address.as_str()).into(),
            "aws:useragent" => Some(request.origin.user_agent.as_str()).into(),
            "aws:securetransport" => flag(request.secure).into(),
            // No service of AWS calls here, for itself or for others.
            "aws:viaawsservice" | "aws:principalisawsservice" => flag(false).into(),
            "aws:requestedregion" => Some(self.portico.settings.region.as_str()).into(),
            "aws:epochtime" => Some((now_ms() / 1000).to_string()).into(),
            "aws:currenttime" => Some(rfc_3339(now_ms() / 1000 * 1000)).into(),
            "aws:tokenissuetime" => {
                self.role().map(|role| rfc_3339(role.issued_at_ms / 1000 * 1000)).into()
            }
            // Resources of other accounts are refused whatever policies say, so the resource
            // account is the caller's account.
            "aws:principalaccount" | "aws:resourceaccount" => {
                self.caller.account_id().map(AccountId::as_str).into()
            }
            // AWS: a role session has the ARN of its role here, not of the session.
            "aws:principalarn" => self.role().map(RoleSession::role_arn).into(),
            "aws:principaltype" => self.role().map(|_| "AssumedRole").into(),
            "aws:userid" => {
                self.role().map(|role| format!("{}:{}", role.role_id, role.session_name)).into()
            }
            "identitystore:userid" => self.person().map(|person| person.user_id.as_str()).into(),
            "identitystore:identitystoreid" => {
                self.person().map(|person| person.identity_store_id.as_str()).into()
            }
            _ => Values::Missing,
        }
    }
}

impl<'r> RequestFacts<'r> {
    fn role(&self) -> Option<&'r RoleSession> {
        match &self.caller.principal {
            Principal::Role(role) => Some(role),
            Principal::Anonymous
            | Principal::Unproven(_)
            | Principal::NamedPerson(_)
            | Principal::Person(_)
            | Principal::Portico => None,
        }
    }

    fn person(&self) -> Option<&'r RolePerson> {
        self.role().and_then(|role| role.person.as_ref())
    }
}
