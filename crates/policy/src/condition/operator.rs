//! The names of condition operators.

/// An operator as it is written, taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Operator {
    pub(super) quantifier: Quantifier,
    pub(super) kind: Kind,
    pub(super) negated: bool,
    pub(super) if_exists: bool,
}

/// The number of values of a request that have to match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Quantifier {
    /// No set operator: the key has one value.
    One,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// The comparison of an operator, without its negation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Order),
    Date(Order),
    Bool,
    BinaryEquals,
    IpAddress,
    /// `ArnEquals` and `ArnLike`.
    // AWS: the two behave identically.
    Arn,
    Null,
}

/// The order of a request's value and that of the policy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operators: name, comparison, and whether it is negated.
const OPERATORS: &[(&str, Kind, bool)] = &[
    ("StringEquals", Kind::StringEquals, false),
    ("StringNotEquals", Kind::StringEquals, true),
    ("StringEqualsIgnoreCase", Kind::StringEqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Kind::StringEqualsIgnoreCase, true),
    ("StringLike", Kind::StringLike, false),
    ("StringNotLike", Kind::StringLike, true),
    ("NumericEquals", Kind::Numeric(Order::Equal), false),
    ("NumericNotEquals", Kind::Numeric(Order::Equal), true),
    ("NumericLessThan", Kind::Numeric(Order::Less), false),
    ("NumericLessThanEquals", Kind::Numeric(Order::LessOrEqual), false),
    ("NumericGreaterThan", Kind::Numeric(Order::Greater), false),
    ("NumericGreaterThanEquals", Kind::Numeric(Order::GreaterOrEqual), false),
    ("DateEquals", Kind::Date(Order::Equal), false),
    ("DateNotEquals", Kind::Date(Order::Equal), true),
    ("DateLessThan", Kind::Date(Order::Less), false),
    ("DateLessThanEquals", Kind::Date(Order::LessOrEqual), false),
    ("DateGreaterThan", Kind::Date(Order::Greater), false),
    ("DateGreaterThanEquals", Kind::Date(Order::GreaterOrEqual), false),
    ("Bool", Kind::Bool, false),
    ("BinaryEquals", Kind::BinaryEquals, false),
    ("IpAddress", Kind::IpAddress, false),
    ("NotIpAddress", Kind::IpAddress, true),
    ("ArnEquals", Kind::Arn, false),
    ("ArnNotEquals", Kind::Arn, true),
    ("ArnLike", Kind::Arn, false),
    ("ArnNotLike", Kind::Arn, true),
    ("Null", Kind::Null, false),
];

impl Operator {
    /// Reads an operator, such as `ForAnyValue:StringLikeIfExists`.
    // AWS: `Null` tests whether the key exists, so it has no `IfExists`.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (quantifier, rest) = if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Quantifier::All, rest)
        } else if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Quantifier::Any, rest)
        } else {
            (Quantifier::One, name)
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (_, kind, negated) = OPERATORS.iter().find(|(name, ..)| *name == base)?;
        let is_good = *kind != Kind::Null || (quantifier == Quantifier::One && !if_exists);
        is_good.then_some(Self { quantifier, kind: *kind, negated: *negated, if_exists })
    }
}

impl Order {
    /// Tells whether the request's value has this order to the one of the policy.
    pub(super) fn holds<T: Ord>(self, value: &T, written: &T) -> bool {
        match self {
            Self::Equal => value == written,
            Self::Less => value < written,
            Self::LessOrEqual => value <= written,
            Self::Greater => value > written,
            Self::GreaterOrEqual => value >= written,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_has_a_quantifier_before_and_if_exists_behind() {
        let operator = Operator::parse("ForAnyValue:StringNotLikeIfExists").unwrap();
        let Operator { quantifier, kind, negated, if_exists } = operator;
        assert_eq!((quantifier, kind), (Quantifier::Any, Kind::StringLike));
        assert!(negated && if_exists);
        for (name, ..) in OPERATORS {
            for (before, behind) in
                [("", ""), ("", "IfExists"), ("ForAllValues:", ""), ("ForAnyValue:", "IfExists")]
            {
                let written = format!("{before}{name}{behind}");
                let expected = *name != "Null" || written == *name;
                assert_eq!(Operator::parse(&written).is_some(), expected, "{written}");
            }
        }
    }

    #[test]
    fn what_is_no_operator_is_none() {
        for name in [
            "",
            "IfExists",
            "stringequals",
            "StringEqualsIfExistsIfExists",
            "ForAnyValue:",
            "ForAnyValue:ForAllValues:StringEquals",
            "forAnyValue:StringEquals",
            "StringNotEqualsLike",
            "BoolNot",
            "NumericLessThanOrEquals",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
