//! The variables `PORTICO_…` of the environment.
//!
//! A variable that is empty counts as unset, as units and container files write what they leave open.

use std::ffi::OsStr;

use clap::{Command, CommandFactory, FromArgMatches};

use super::Cli;

/// Every variable of Portico begins with this.
const PREFIX: &str = "PORTICO_";

/// The variable that says how much the log has.
const LOG: &str = "PORTICO_LOG";

/// The values of `PORTICO_LOG`, from nothing to everything.
// Below `debug`, libraries write what they send and receive.
const LOG_LEVELS: [&str; 5] = ["off", "error", "warn", "info", "debug"];

/// Kubernetes sets variables with these beginnings beside a service that is named `portico`.
const OF_KUBERNETES: [&str; 2] = ["PORTICO_SERVICE_", "PORTICO_PORT"];

/// Reads the command line and the environment. Ends the process with the usage if they are wrong.
#[must_use]
pub fn parse() -> Cli {
    let command = without_empty_variables(Cli::command());
    Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

/// The level of the log that `PORTICO_LOG` sets, `info` without it, or the reason why it is refused.
#[expect(clippy::disallowed_methods, reason = "configuration is read here")]
pub fn log_level() -> Result<&'static str, String> {
    level(&std::env::var(LOG).unwrap_or_default())
}

/// The names of variables `PORTICO_…` that have a value and are no setting.
#[must_use]
pub fn unknown_variables() -> Vec<String> {
    let with_value = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    unknown(with_value.filter_map(|(name, _)| name.into_string().ok()))
}

fn unknown(names: impl Iterator<Item = String>) -> Vec<String> {
    let command = Cli::command();
    let is_foreign = |name: &str| OF_KUBERNETES.iter().any(|start| name.starts_with(start));
    let is_known = |name: &str| name == LOG || has_variable(&command, OsStr::new(name));
    let ours = names.filter(|name| name.starts_with(PREFIX));
    let mut unknown: Vec<String> =
        ours.filter(|name| !is_known(name) && !is_foreign(name)).collect();
    unknown.sort();
    unknown
}

fn has_variable(command: &Command, name: &OsStr) -> bool {
    command.get_arguments().any(|argument| argument.get_env() == Some(name))
        || command.get_subcommands().any(|command| has_variable(command, name))
}

/// The command, whose arguments do not read variables that are empty.
fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|argument| match argument.get_env() {
            Some(name) if is_empty(name) => argument.env(None::<&str>),
            Some(_) | None => argument,
        })
        .mut_subcommands(without_empty_variables)
}

fn level(text: &str) -> Result<&'static str, String> {
    if text.is_empty() {
        return Ok("info");
    }
    let known = LOG_LEVELS.into_iter().find(|level| level.eq_ignore_ascii_case(text));
    known.ok_or_else(|| format!("{LOG} is {text:?} and must be one of {}", LOG_LEVELS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_the_log_is_one_of_the_list() {
        assert_eq!((level(""), level("off"), level("WARN")), (Ok("info"), Ok("off"), Ok("warn")));
        for text in ["verbose", "server=debug", "trace", " info", "3"] {
            let refused = level(text).unwrap_err();
            assert!(refused.contains("off, error, warn, info, debug"), "{refused}");
        }
    }

    #[test]
    fn a_variable_that_is_no_setting_is_named() {
        let found = |names: &[&str]| unknown(names.iter().map(|name| (*name).to_owned()));
        let settings = ["PORTICO_DATA", "PORTICO_LOG", "PORTICO_TRUSTED_PROXIES", "PORTICO_LISTEN"];
        assert!(found(&settings).is_empty());
        let typed = ["PORTICO_LISTN", "PORTICO_DATA", "PATH", "PORTICO_TRUSTED_PROXY"];
        assert_eq!(found(&typed), ["PORTICO_LISTN", "PORTICO_TRUSTED_PROXY"]);
        assert!(found(&["PORTICO_SERVICE_HOST", "PORTICO_PORT_8080_TCP_ADDR"]).is_empty());
    }
}
