//! The sources that were heard most often, in bounded memory.
//!
//! Misra and Gries, "Finding repeated elements", 1982: a counter is a lower bound, and a source with more
//! than one in `COUNTERS_MAX` of all events is always among the counters.

use std::collections::HashMap;

use model::source_network::SourceNetwork;

/// Maximum number of sources that are counted at a time.
const COUNTERS_MAX: usize = 16;

/// Maximum number of sources that an event names.
const NAMED_MAX: usize = 5;

/// Counters of sources.
#[derive(Debug, Default)]
pub(super) struct Loudest(HashMap<SourceNetwork, u64>);

impl Loudest {
    pub(super) fn count(&mut self, source: &SourceNetwork) {
        if let Some(count) = self.0.get_mut(source) {
            *count += 1;
        } else if self.0.len() < COUNTERS_MAX {
            self.0.insert(source.clone(), 1);
        } else {
            self.0.retain(|_, count| {
                *count -= 1;
                *count > 0
            });
        }
    }

    /// The loudest sources, each with the number of events that it had at least.
    pub(super) fn named(&self) -> Vec<String> {
        let mut counts: Vec<_> =
            self.0.iter().map(|(source, count)| (*count, source.to_string())).collect();
        counts.sort_by(|(count, source), (other, of)| other.cmp(count).then(source.cmp(of)));
        counts.truncate(NAMED_MAX);
        counts.into_iter().map(|(count, source)| format!("{source} (at least {count})")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loud_source_stands_out_among_any_number_of_quiet_ones() {
        let mut loudest = Loudest::default();
        for number in 0..10_000_u32 {
            let [_, _, c, d] = number.to_be_bytes();
            loudest.count(&SourceNetwork::of(&format!("198.18.{c}.{d}")));
            if number % 2 == 0 {
                loudest.count(&SourceNetwork::of("192.0.2.7"));
            }
        }
        assert!(loudest.0.len() <= COUNTERS_MAX);
        let named = loudest.named();
        assert!(named[0].starts_with("192.0.2.7 (at least "), "{named:?}");
        assert!(named.len() <= NAMED_MAX);
    }
}
