//! The comparison of one value of a request with the values of a condition.

use model::network::IpRange;

use super::number::Number;
use super::operator::Order;
use super::time;
use crate::evaluation::Evaluation;
use crate::pattern::Patterns;

/// The values of a condition, ready to compare. A value of a request has to match one of them.
#[derive(Clone, Debug)]
pub(super) enum Comparison {
    Texts(Patterns),
    Numbers(Order, Box<[Number]>),
    /// Milliseconds since 1970.
    Times(Order, Box<[i64]>),
    Addresses(Box<[IpRange]>),
    /// `Null`: whether the key may be missing, and whether it may be there.
    Presence {
        missing: bool,
        present: bool,
    },
}

impl Comparison {
    /// Tells whether the value matches. One that is not of the operator's type does not.
    pub(super) fn matches(&self, value: &str, evaluation: &Evaluation<'_>) -> bool {
        match self {
            Self::Texts(patterns) => patterns.contain(value, evaluation),
            Self::Numbers(order, numbers) => {
                let value = Number::parse(value).filter(|_| evaluation.spend(numbers.len()));
                value.is_some_and(|value| numbers.iter().any(|number| order.holds(&value, number)))
            }
            Self::Times(order, times) => {
                let value = time::parse(value).filter(|_| evaluation.spend(times.len()));
                value.is_some_and(|value| times.iter().any(|time| order.holds(&value, time)))
            }
            Self::Addresses(ranges) => {
                let value = value.parse::<std::net::IpAddr>().ok();
                let value = value.filter(|_| evaluation.spend(ranges.len()));
                value.is_some_and(|value| {
                    ranges.iter().any(|range| range.contains(value.to_canonical()))
                })
            }
            Self::Presence { present, .. } => *present,
        }
    }
}
