//! Evaluating policies for a request, with the reason of the decision.
//!
//! IAM User Guide, "Policy evaluation logic", "How AWS enforcement code logic evaluates requests to allow or
//! deny access".

mod decision;
mod policies;

pub use decision::{Deciding, Decision};
pub use policies::{Policies, ResourcePolicy};

use crate::evaluation::Evaluation;
use crate::language::{Effect, Policy, PolicyType};
use crate::principal::Reach;
use crate::request::Request;

/// Evaluates policies for a request on a resource that has no policy of its own.
#[must_use]
pub fn evaluate<'a>(policies: &'a Policies, request: &Request<'a>) -> Decision<'a> {
    evaluate_with(policies, None, request)
}

/// Evaluates policies for a request, with the policy of the resource.
///
/// The default is deny, and an explicit Deny in any policy overrides every Allow. Each level of service control
/// policies, the permissions boundary and the session policies have to allow the request, if there are any.
/// An Allow comes from the identity-based policies or, in the account of the resource, from its policy.
#[must_use]
pub fn evaluate_with<'a>(
    policies: &'a Policies,
    resource: Option<ResourcePolicy<'a>>,
    request: &Request<'a>,
) -> Decision<'a> {
    let evaluation = Evaluation::new(request);
    let decision = Deciders { policies, resource }.decide(&evaluation, request.action);
    // INVARIANT: an evaluation that was not finished allows nothing.
    if evaluation.is_exhausted() { Decision::TooMuchWork } else { decision }
}

/// All policies that decide about a request.
struct Deciders<'a> {
    policies: &'a Policies,
    resource: Option<ResourcePolicy<'a>>,
}

impl<'a> Deciders<'a> {
    fn decide(&self, evaluation: &Evaluation<'_>, action: &'a str) -> Decision<'a> {
        if let Some((denied, _)) = find(self.all(), Effect::Deny, evaluation) {
            return Decision::ExplicitDeny(denied);
        }
        let allowing = |policies| find(policies, Effect::Allow, evaluation);
        let lacking = |lacking| Decision::ImplicitDeny { lacking, action };
        let Policies { identity_based, permissions_boundary, session, service_control } =
            self.policies;
        let is_limit = |level: &'a Vec<_>| {
            allowing(Policies::of_type(level, PolicyType::ServiceControl)).is_none()
        };
        if service_control.iter().any(is_limit) {
            return lacking(PolicyType::ServiceControl);
        }
        let granted = match self.grant_of_resource(evaluation) {
            Grant::Whole(granted) => return Decision::Allowed(granted),
            Grant::Limited(granted) => Some(granted),
            Grant::Delegated => None,
            Grant::Lacking(policy_type) => return lacking(policy_type),
        };
        let identity_based = Policies::of_type(identity_based, PolicyType::IdentityBased);
        let granted = granted.or_else(|| allowing(identity_based).map(|(granted, _)| granted));
        let Some(granted) = granted else { return lacking(PolicyType::IdentityBased) };
        let boundary =
            Policies::of_type(permissions_boundary.as_slice(), PolicyType::PermissionsBoundary);
        if permissions_boundary.is_some() && allowing(boundary).is_none() {
            return lacking(PolicyType::PermissionsBoundary);
        }
        if !session.is_empty()
            && allowing(Policies::of_type(session, PolicyType::Session)).is_none()
        {
            return lacking(PolicyType::Session);
        }
        Decision::Allowed(granted)
    }

    /// What the policy of the resource grants, before the policies of the caller are asked.
    // AWS: in one account either of the two policies grants, across accounts both have to. A role is assumed
    // only if its trust policy allows it.
    fn grant_of_resource(&self, evaluation: &Evaluation<'_>) -> Grant<'a> {
        let Some(ResourcePolicy { policy, account }) = self.resource else {
            return Grant::Delegated;
        };
        let found = find([policy], Effect::Allow, evaluation);
        let is_same_account = evaluation.request.requester.account.is_none_or(|own| own == account);
        match found {
            Some((granted, Reach::Direct)) if is_same_account => Grant::Whole(granted),
            Some((granted, Reach::Role)) if is_same_account => Grant::Limited(granted),
            Some(_) => Grant::Delegated,
            None if is_same_account && policy.policy_type() != PolicyType::RoleTrust => {
                Grant::Delegated
            }
            None => Grant::Lacking(policy.policy_type()),
        }
    }

    /// All policies, in AWS's order.
    fn all(&self) -> impl Iterator<Item = &'a Policy> {
        let Policies { identity_based, permissions_boundary, session, service_control } =
            self.policies;
        let of_level = |level: &'a Vec<_>| Policies::of_type(level, PolicyType::ServiceControl);
        let boundary = permissions_boundary.as_slice();
        let of_resource = self.resource.map(|resource| resource.policy);
        let limits = service_control.iter().flat_map(of_level);
        limits
            .chain(of_resource)
            .chain(Policies::of_type(identity_based, PolicyType::IdentityBased))
            .chain(Policies::of_type(boundary, PolicyType::PermissionsBoundary))
            .chain(Policies::of_type(session, PolicyType::Session))
    }
}

/// What the policy of a resource grants.
enum Grant<'a> {
    /// The request is allowed, whatever the policies of the caller do not allow.
    Whole(Deciding<'a>),
    /// The request is allowed within the caller's permissions boundary and session policies.
    Limited(Deciding<'a>),
    /// The policies of the caller decide.
    Delegated,
    /// The request needs a grant of this policy.
    Lacking(PolicyType),
}

/// The statement of an effect that applies to the request: the one that reaches the requester most directly, and of
/// those the first.
fn find<'a>(
    policies: impl IntoIterator<Item = &'a Policy>,
    effect: Effect,
    evaluation: &Evaluation<'_>,
) -> Option<(Deciding<'a>, Reach)> {
    let mut found: Option<(Deciding<'a>, Reach)> = None;
    for policy in policies {
        for (number, statement) in (1..).zip(policy.statements()) {
            if statement.effect != effect {
                continue;
            }
            let Some(reach) = statement.applies(evaluation) else { continue };
            if found.as_ref().is_none_or(|(_, before)| reach > *before) {
                found = Some((Deciding::new(policy, number, statement), reach));
            }
            if reach == Reach::Direct {
                return found;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
