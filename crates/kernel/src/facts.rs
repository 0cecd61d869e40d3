//! Condition keys of a request.
//!
//! IAM User Guide, "AWS global condition context keys".

use model::ids::AccountId;
use policy::{Caller, Facts, Principal, RolePerson};

use crate::{Portico, RequestInfo};

pub(crate) struct RequestFacts<'r> {
    pub(crate) portico: &'r Portico,
    pub(crate) caller: &'r Caller,
    pub(crate) request: &'r RequestInfo,
    /// Condition keys that are specific to the action, such as `s3:prefix`.
    pub(crate) keys: &'r [(&'r str, &'r str)],
}

impl Facts for RequestFacts<'_> {
    fn values(&self, key: &str) -> Option<Vec<String>> {
        let own = self.keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        if let Some((_, value)) = own {
            return Some(vec![(*value).to_owned()]);
        }
        self.global(&key.to_ascii_lowercase()).map(|value| vec![value])
    }
}

impl RequestFacts<'_> {
    fn global(&self, key: &str) -> Option<String> {
        let request = self.request;
        match key {
            "aws:sourceip" => Some(request.origin.source_address.clone()),
            "aws:useragent" => Some(request.origin.user_agent.clone()),
            "aws:securetransport" => Some(request.secure.to_string()),
            "aws:requestedregion" => Some(self.portico.settings.region.clone()),
            "aws:epochtime" => Some((self.portico.clock.now_ms() / 1000).to_string()),
            // Resources of other accounts are refused whatever policies say, so the resource
            // account is the caller's account.
            "aws:principalaccount" | "aws:resourceaccount" => {
                self.caller.account_id().map(AccountId::to_string)
            }
            "aws:principalarn" => self.principal_arn(),
            "aws:principaltype" => self.role().map(|_| "AssumedRole".to_owned()),
            "aws:userid" => {
                self.role().map(|role| format!("{}:{}", role.role_id, role.session_name))
            }
            "identitystore:userid" => self.person().map(|person| person.user_id.to_string()),
            "identitystore:identitystoreid" => {
                self.person().map(|person| person.identity_store_id.to_string())
            }
            _ => None,
        }
    }

    // AWS: a role session has the ARN of its role here, not of the session.
    fn principal_arn(&self) -> Option<String> {
        self.role().map(policy::RoleSession::role_arn)
    }

    fn role(&self) -> Option<&policy::RoleSession> {
        match &self.caller.principal {
            Principal::Role(role) => Some(role),
            Principal::Anonymous
            | Principal::Unproven(_)
            | Principal::NamedPerson(_)
            | Principal::Person(_)
            | Principal::Portico => None,
        }
    }

    fn person(&self) -> Option<&RolePerson> {
        self.role().and_then(|role| role.person.as_ref())
    }
}
