//! Evaluating a condition for a request.

use super::Condition;
use super::comparison::Comparison;
use super::operator::Quantifier;
use crate::evaluation::Evaluation;
use crate::request::Values;

impl Condition {
    /// Tells whether the condition holds for the request.
    ///
    /// AWS: a key without a value fails an operator, and satisfies a negated one, `…IfExists` and
    /// `ForAllValues`. `ForAnyValue` needs a value. A negated operator holds for a value that matches none of
    /// the condition's.
    pub(crate) fn holds(&self, evaluation: &Evaluation<'_>) -> bool {
        let values = evaluation.values(&self.key);
        if let Comparison::Presence { missing, present } = self.comparison {
            return if values.is_missing() { missing } else { present };
        }
        let holds_for = |value: &str| self.comparison.matches(value, evaluation) != self.negated;
        match (self.quantifier, &values) {
            (_, values) if values.is_missing() => match self.quantifier {
                Quantifier::One => self.if_exists || self.negated,
                Quantifier::All => true,
                Quantifier::Any => self.if_exists,
            },
            (Quantifier::One, Values::One(value)) => holds_for(value),
            // AWS: a key with several values needs a set operator.
            (Quantifier::One, Values::Several(_) | Values::Missing) => false,
            (Quantifier::All, values) => values.of_set().all(holds_for),
            (Quantifier::Any, values) => values.of_set().any(holds_for),
        }
    }
}

impl Values<'_> {
    /// The values that set operators see.
    // AWS: they take an empty text for no value.
    fn of_set(&self) -> impl Iterator<Item = &str> {
        let (one, several) = match self {
            Values::Missing => (None, &[][..]),
            Values::One(value) => (Some(value), &[][..]),
            Values::Several(values) => (None, values.as_slice()),
        };
        let values = one.into_iter().chain(several);
        values.map(|value| &**value).filter(|value| !value.is_empty())
    }
}
