//! The output of `portico audit verify`.

use crate::support::Installation;

pub struct Proof {
    /// Number of sealed events.
    pub events: usize,
    head: String,
}

impl Proof {
    /// Verifies the log, and that it continues the log of an earlier proof.
    pub fn of(installation: &Installation, earlier: Option<&Self>) -> Self {
        let head = earlier.map_or_else(Vec::new, |earlier| vec!["--head", &earlier.head]);
        let said = installation.run(&[&["audit", "verify"], &head[..]].concat()).ok();
        let mut lines = said.lines();
        let (events, rest) = lines.next().unwrap().split_once(" events in ").unwrap();
        assert!(rest.ends_with(" are as they were sealed."), "{said}");
        let head = lines.find_map(|line| line.strip_prefix("head ")).unwrap().to_owned();
        let proof = Self { events: events.parse().unwrap(), head };
        assert!(proof.events > 0, "{said}");
        assert!(earlier.is_none_or(|earlier| earlier.events <= proof.events), "{said}");
        proof
    }
}
