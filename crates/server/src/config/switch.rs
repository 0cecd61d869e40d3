//! Settings that are on or off.

use std::str::FromStr;

use serde::Deserialize;

/// A setting that is on or off.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Switch(bool);

impl Switch {
    #[must_use]
    pub fn is_on(self) -> bool {
        self.0
    }
}

impl FromStr for Switch {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "on" => Ok(Self(true)),
            "off" => Ok(Self(false)),
            _ => Err("it must be `on` or `off`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_on_or_off() {
        assert!("on".parse::<Switch>().unwrap().is_on());
        assert!(!"off".parse::<Switch>().unwrap().is_on());
        assert!("yes".parse::<Switch>().is_err());
    }
}
