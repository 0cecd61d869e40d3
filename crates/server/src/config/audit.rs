//! Settings of the audit log.

use std::collections::BTreeSet;
use std::path::PathBuf;

use kernel::Settings;

use super::ServeArgs;
use super::age::Age;
use super::switch::Switch;
use crate::forward::Target;

impl ServeArgs {
    /// Fills in the settings of the audit log.
    pub(super) fn audit_settings(&self, settings: Settings) -> Settings {
        let after_ms = settings.audit_archive_after_ms;
        Settings {
            audit_archive_after_ms: self.audit_archive_after.map_or(after_ms, Age::ms),
            audit_keep_ms: self.audit_keep.map_or(settings.audit_keep_ms, Age::ms),
            audit_reads: self.audit_reads.map_or(settings.audit_reads, Switch::is_on),
            audit_forward: self.audit_forward.iter().map(|it| it.as_str().to_owned()).collect(),
            ..settings
        }
    }

    /// The folder of the audit archive.
    ///
    /// Servers of one PostgreSQL database share the folder of the objects already.
    #[must_use]
    pub fn archive_folder(&self) -> PathBuf {
        let default = if self.database.is_some() { "objects/audit" } else { "audit" };
        self.audit_archive.clone().unwrap_or_else(|| self.folder().join(default))
    }

    /// Fails if events would be removed that have not moved into the archive, from which alone they are removed.
    pub fn require_ages(&self) -> Result<(), String> {
        let after_ms = self.audit_archive_after.map_or(Settings::AUDIT_ARCHIVE_AFTER_MS, Age::ms);
        match (self.audit_keep.and_then(Age::ms), after_ms) {
            (None, _) => Ok(()),
            (Some(keep_ms), Some(after_ms)) if keep_ms >= after_ms => Ok(()),
            (Some(_), _) => Err("--audit-keep must be as long as --audit-archive-after or longer, because events are \
                 removed from the archive: give --audit-archive-after a shorter age"
                .to_owned()),
        }
    }

    /// Fails if a target is named twice, and would get everything twice, or if the file of CAs is for none.
    pub fn require_targets(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        for target in &self.audit_forward {
            if !names.insert(target.as_str()) {
                return Err(format!("--audit-forward names {} twice", target.as_str()));
            }
        }
        if self.audit_forward_ca.is_some() && !self.audit_forward.iter().any(Target::has_tls) {
            return Err(
                "--audit-forward-ca is for targets of syslog+tls or otlp+https, and there is none"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> ServeArgs {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn audit_events_are_removed_from_the_archive_alone() {
        let settings = |text: &str| {
            let args = args(text);
            args.service_settings(String::new(), "123456789012".parse().unwrap())
        };
        let day_ms = 24 * 60 * 60 * 1000;
        let defaults = settings("");
        assert_eq!((defaults.audit_archive_after_ms, defaults.audit_keep_ms), (Some(day_ms), None));
        assert!(defaults.audit_reads && !settings("audit_reads = 'off'").audit_reads);
        for (text, is_right) in [
            ("", true),
            ("audit_keep = '1d'", true),
            ("audit_keep = '23h'", false),
            ("audit_keep = '2h'\naudit_archive_after = '1h'", true),
            ("audit_keep = '2y'\naudit_archive_after = 'never'", false),
            ("audit_keep = 'never'\naudit_archive_after = 'never'", true),
        ] {
            assert_eq!(args(text).require_ages().is_ok(), is_right, "{text}");
        }
        assert!(
            toml::from_str::<ServeArgs>("audit_keep = '90'")
                .unwrap_err()
                .to_string()
                .contains("a number and a unit")
        );
    }

    #[test]
    fn a_target_is_named_once() {
        for (text, words) in [
            ("audit_forward = ['file:/a', 'syslog+tcp://h:7']", None),
            ("audit_forward = ['syslog+tls://h:7']\naudit_forward_ca = '/ca'", None),
            ("audit_forward = ['file:/a', 'file:/a']", Some("file:/a twice")),
            ("audit_forward = ['file:/a']\naudit_forward_ca = '/ca'", Some("there is none")),
        ] {
            let refused = args(text).require_targets().err();
            assert_eq!(refused.is_some(), words.is_some(), "{text}");
            assert!(refused.unwrap_or_default().contains(words.unwrap_or_default()));
        }
        let wrong = toml::from_str::<ServeArgs>("audit_forward = ['udp://h:7']").unwrap_err();
        assert!(wrong.to_string().contains("syslog+tcp://host:port"), "{wrong}");
    }

    #[test]
    fn the_archive_of_several_servers_is_in_the_folder_that_they_share() {
        let folder = |text: &str| args(text).archive_folder();
        assert_eq!(folder("data = '/d'"), PathBuf::from("/d/audit"));
        assert_eq!(
            folder("data = '/d'\ndatabase = 'postgres://h/d'"),
            PathBuf::from("/d/objects/audit")
        );
        assert_eq!(folder("data = '/d'\naudit_archive = '/a'"), PathBuf::from("/a"));
    }
}
