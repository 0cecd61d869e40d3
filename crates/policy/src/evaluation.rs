//! One evaluation of policies for a request: what is computed once for all statements, and the bound of the
//! work.

use std::cell::Cell;

use model::ids::AccountId;
use model::service::SERVICES;

use crate::key::Key;
use crate::request::{Request, Values};

/// Maximum number of steps of an evaluation; a step is a word of an automaton, a short comparison, or a byte of
/// a variable's value. An evaluation with more of them is refused. The worst inline policy needs a third of it
/// for a text of 1,100 characters.
const WORK_MAX: usize = 1 << 19;

/// Maximum length of the name of an action.
// AWS: ActionNameType of iam.
const ACTION_BYTES_MAX: usize = 128;

pub(crate) struct Evaluation<'a> {
    pub(crate) request: &'a Request<'a>,
    /// The action in lower case.
    action: [u8; ACTION_BYTES_MAX],
    action_bytes: usize,
    /// True if the action belongs to an API that AWS does not have.
    pub(crate) is_own: bool,
    work_left: Cell<usize>,
    is_exhausted: Cell<bool>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(request: &'a Request<'a>) -> Self {
        let mut action = [0; ACTION_BYTES_MAX];
        let is_name = request.action.len() <= ACTION_BYTES_MAX;
        for (lower, byte) in action.iter_mut().zip(request.action.bytes().filter(|_| is_name)) {
            *lower = byte.to_ascii_lowercase();
        }
        Self {
            request,
            action,
            action_bytes: if is_name { request.action.len() } else { 0 },
            is_own: is_own(request.action),
            work_left: Cell::new(WORK_MAX),
            is_exhausted: Cell::new(false),
        }
    }

    /// Service and name of the action, in lower case. `None` if it is no action.
    pub(crate) fn action(&self) -> Option<(&str, &str)> {
        let bytes = self.action.get(..self.action_bytes)?;
        std::str::from_utf8(bytes).ok()?.split_once(':')
    }

    /// The values of a key. A list of none is `Missing`.
    pub(crate) fn values(&self, key: &Key) -> Values<'a> {
        let values = self.request.facts.values(key.as_str());
        match (values.is_missing(), key.as_str()) {
            (true, "aws:resourceaccount") => self.account_of_resource().into(),
            (true, _) => Values::Missing,
            (false, _) => values,
        }
    }

    // The form of an ARN is arn:partition:service:region:account:resource.
    fn account_of_resource(&self) -> Option<&'a str> {
        let account = self.request.resource.split(':').nth(4)?;
        account.parse::<AccountId>().ok().map(|_| account)
    }

    /// Takes steps from the work that is left. False if there is not as much: then nothing matches any more,
    /// and the request is refused.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let left = self.work_left.get().checked_sub(steps);
        self.work_left.set(left.unwrap_or(0));
        self.is_exhausted.set(self.is_exhausted.get() || left.is_none());
        !self.is_exhausted.get()
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.is_exhausted.get()
    }
}

/// Tells whether the action belongs to an API that AWS does not have.
fn is_own(action: &str) -> bool {
    let Some((prefix, _)) = action.split_once(':') else { return false };
    let mut own = SERVICES.iter().filter(|service| service.model.is_none());
    own.any(|service| service.action_prefix.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NoFacts;

    #[test]
    fn only_an_api_without_a_model_of_aws_is_our_own() {
        assert!(is_own("portico:EnableUser") && is_own("Portico:enableuser"));
        for action in ["sso:CreateInstance", "porticos:EnableUser", "iam:portico", "portico", "*"] {
            assert!(!is_own(action), "{action}");
        }
    }

    #[test]
    fn an_action_is_compared_in_lower_case() {
        let lower = |action: &str| {
            let request = Request::new(action, "*", &NoFacts);
            let evaluation = Evaluation::new(&request);
            evaluation.action().map(|(service, name)| format!("{service} {name}"))
        };
        assert_eq!(lower("S3:GetObject").as_deref(), Some("s3 getobject"));
        for action in ["", "s3", &format!("s3:{}", "A".repeat(126))] {
            assert_eq!(lower(action), None, "{action}");
        }
    }

    #[test]
    fn the_account_of_a_resource_is_read_from_its_arn() {
        let account = |resource: &str| {
            let request = Request::new("a:B", resource, &NoFacts);
            let key = Key::parse("aws:ResourceAccount", "condition key").unwrap();
            Evaluation::new(&request).values(&key) != Values::Missing
        };
        assert!(account("arn:aws:identitystore::123456789012:identitystore/d-0123456789"));
        for resource in ["*", "arn:aws:s3:::bucket", "arn:aws:s3:::a:123456789012"] {
            assert!(!account(resource), "{resource}");
        }
    }

    #[test]
    fn work_ends() {
        let request = Request::new("a:B", "*", &NoFacts);
        let evaluation = Evaluation::new(&request);
        assert!(evaluation.spend(WORK_MAX) && !evaluation.is_exhausted());
        assert!(!evaluation.spend(1) && evaluation.is_exhausted());
        assert!(!evaluation.spend(0));
    }
}
