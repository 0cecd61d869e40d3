//! Pauses between attempts at work that other transactions get in the way of.
//!
//! They double, so that the attempts of many become rarer until all get through, and each has a part by chance, so
//! that two which met do not meet again.

use model::random::random_bytes;
use model::{Fault, Random};

use crate::Portico;

/// Maximum length of each pause, in milliseconds. All of them take two seconds at most.
const PAUSES_MS_MAX: [u64; 9] = [2, 4, 8, 16, 64, 128, 256, 512, 1024];

/// Does `work`, and does it again after each pause while it `is_contended`. Fails with `Busy` if it still is in the end.
pub(crate) fn repeat_while<Reply, F: From<Fault>>(
    portico: &Portico,
    is_contended: impl Fn(&F) -> bool,
    mut work: impl FnMut() -> Result<Reply, F>,
) -> Result<Reply, F> {
    let mut pauses = of(&*portico.random);
    loop {
        match work() {
            Err(failure) if is_contended(&failure) => match pauses.next() {
                Some(pause_ms) => portico.clock.pause(pause_ms),
                None => return Err(Fault::Busy.into()),
            },
            done => return done,
        }
    }
}

/// Returns the lengths of the pauses of one piece of work, in milliseconds: between half of the maximum and all of it.
fn of(random: &dyn Random) -> impl Iterator<Item = u64> {
    PAUSES_MS_MAX.into_iter().map(|ms_max| {
        let chance = u64::from_le_bytes(random_bytes(random));
        ms_max / 2 + chance % (ms_max / 2 + 1)
    })
}

#[cfg(test)]
mod tests {
    use model::testing::{Counted, Repeated};

    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        let (one, other): (Vec<u64>, Vec<u64>) =
            (of(&Counted::new(1)).collect(), of(&Counted::new(2)).collect());
        assert_ne!(one, other);
        for (pause_ms, ms_max) in one.iter().chain(&other).zip(PAUSES_MS_MAX.into_iter().cycle()) {
            assert!((ms_max / 2..=ms_max).contains(pause_ms), "{pause_ms} of {ms_max}");
        }
    }

    #[test]
    fn all_pauses_together_are_bounded() {
        assert!(of(&Repeated(0xff)).sum::<u64>() <= 2100);
    }
}
