//! Rotation of the refresh tokens of a client session.
//!
//! RFC 9700 §4.14.2; decision 0007.

/// Time after its exchange for which a refresh token gets the same pair again.
const GRACE_MS: u64 = 30_000;

/// Maximum number of exchanges with a grace. A program that exchanges more often in that time shares its tokens with
/// no other.
const EXCHANGES_MAX: usize = 16;

/// Exchanges of the refresh tokens of a client session.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rotation {
    /// Generation of the newest pair, which is the number of exchanges.
    pub generation: i64,
    /// Times of the last exchanges, oldest first. The last one made the newest pair.
    pub exchanged_at_ms: Vec<i64>,
}

/// What an exchange of a refresh token leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Exchange {
    /// A new pair. The session has this rotation from now on.
    New(Rotation),
    /// The pair that the token was exchanged for at this time.
    Again { exchanged_at_ms: i64 },
    /// The token was exchanged longer ago, so it was copied.
    Copied,
}

impl Rotation {
    /// Finds what the exchange of the token of a generation leads to.
    ///
    /// A token of a later generation than the newest one is good: this server sealed it, and the database was
    /// restored from a time before it.
    #[must_use]
    pub fn exchange(&self, generation: i64, now_ms: i64) -> Exchange {
        // A clock that was set back does not make the grace longer than the step.
        let is_recent = |&at_ms: &i64| now_ms.abs_diff(at_ms) <= GRACE_MS;
        if generation >= self.generation {
            let is_known = generation == self.generation;
            let known = self.exchanged_at_ms.iter().copied().filter(|_| is_known);
            let mut exchanged_at_ms: Vec<i64> = known.filter(is_recent).chain([now_ms]).collect();
            let forgotten = exchanged_at_ms.len().saturating_sub(EXCHANGES_MAX);
            exchanged_at_ms.drain(..forgotten);
            return Exchange::New(Self { generation: generation + 1, exchanged_at_ms });
        }
        let ago = usize::try_from(self.generation - 1 - generation).ok();
        let at_ms = ago.and_then(|ago| self.exchanged_at_ms.iter().rev().nth(ago));
        match at_ms.copied().filter(is_recent) {
            Some(exchanged_at_ms) => Exchange::Again { exchanged_at_ms },
            None => Exchange::Copied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn next(rotation: &Rotation, now_ms: i64) -> Rotation {
        match rotation.exchange(rotation.generation, now_ms) {
            Exchange::New(next) => next,
            other @ (Exchange::Again { .. } | Exchange::Copied) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_token_gets_its_pair_again_for_thirty_seconds() {
        let first = next(&Rotation::default(), NOW_MS);
        assert_eq!(first, Rotation { generation: 1, exchanged_at_ms: vec![NOW_MS] });
        let again = Exchange::Again { exchanged_at_ms: NOW_MS };
        for (later_ms, exchange) in [
            (0, &again),
            (30_000, &again),
            (30_001, &Exchange::Copied),
            (-30_001, &Exchange::Copied),
        ] {
            assert_eq!(&first.exchange(0, NOW_MS + later_ms), exchange, "{later_ms}");
        }
    }

    #[test]
    fn each_of_several_tokens_gets_its_own_pair_again() {
        let second = next(&next(&Rotation::default(), NOW_MS), NOW_MS + 10_000);
        for (generation, later_ms, exchanged_at_ms) in [(0, 30_000, 0), (1, 40_000, 10_000)] {
            let again = Exchange::Again { exchanged_at_ms: NOW_MS + exchanged_at_ms };
            assert_eq!(second.exchange(generation, NOW_MS + later_ms), again);
            let copied = second.exchange(generation, NOW_MS + later_ms + 1);
            assert_eq!(copied, Exchange::Copied);
        }
        let third = next(&second, NOW_MS + 60_000);
        assert_eq!(third, Rotation { generation: 3, exchanged_at_ms: vec![NOW_MS + 60_000] });
        assert_eq!(third.exchange(1, NOW_MS + 60_000), Exchange::Copied);
        assert_eq!(third.exchange(-1, NOW_MS + 60_000), Exchange::Copied);
    }

    #[test]
    fn the_last_exchanges_are_remembered_and_no_more() {
        let mut rotation = Rotation::default();
        for number in 0..100 {
            rotation = next(&rotation, NOW_MS + number);
        }
        assert_eq!(rotation.exchanged_at_ms, (84..100).map(|n| NOW_MS + n).collect::<Vec<_>>());
        let again = Exchange::Again { exchanged_at_ms: NOW_MS + 84 };
        assert_eq!(rotation.exchange(84, NOW_MS + 100), again);
        assert_eq!(rotation.exchange(83, NOW_MS + 100), Exchange::Copied);
    }

    #[test]
    fn a_token_of_a_time_after_the_backup_is_good() {
        let restored = next(&Rotation::default(), NOW_MS);
        let new = Rotation { generation: 6, exchanged_at_ms: vec![NOW_MS + 1000] };
        assert_eq!(restored.exchange(5, NOW_MS + 1000), Exchange::New(new));
    }
}
