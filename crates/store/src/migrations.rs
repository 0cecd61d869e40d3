//! Every schema change, oldest first, compiled into the program.
//!
//! INVARIANT: a file that was applied anywhere is never edited; a schema change is a new file. Each
//! database records the hash of what it applied, and refuses a program whose file is another.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A schema change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// File name under `migrations/`, which begins with the number.
    pub(crate) name: &'static str,
    /// SQL text, the same for both engines.
    pub(crate) sql: &'static str,
}

impl Migration {
    /// SHA-256 of the text, in hexadecimal.
    pub(crate) fn hash(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(self.sql.as_bytes()) {
            // Writing to a String cannot fail.
            write!(text, "{byte:02x}").ok();
        }
        text
    }
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$(Migration { name: $name, sql: include_str!(concat!("../migrations/", $name)) }),*]
    };
}

/// Every schema change. The place in the list, counted from 1, is the number.
pub(crate) const MIGRATIONS: &[Migration] = migrations![
    "0001_core.sql",
    "0002_objects.sql",
    "0003_identity.sql",
    "0004_access.sql",
    "0005_sessions.sql",
    "0006_migration_hash.sql",
    "0007_shown_version.sql",
    "0008_network_configuration.sql",
    "0009_password_reset_request.sql",
    "0010_objects.sql",
    "0011_audit_mac.sql",
    "0012_likeness.sql",
    "0013_device_authorization_network.sql",
    "0014_grant_number.sql",
    "0015_node.sql",
    "0016_instance_of_organization.sql",
    "0017_voucher.sql",
    "0018_unlinked_file.sql",
    "0019_job_turn.sql",
    "0020_node_agreement.sql",
    "0021_audit_archive.sql",
    "0022_removed_principal.sql",
    "0023_token_rotation.sql",
    "0024_instance_setting.sql",
    "0025_message.sql",
    "0026_audit_forward.sql",
    "0027_password_link.sql",
    "0028_user_email.sql",
    "0029_unsealed_hash.sql",
    "0030_session_life.sql",
    "0031_mfa_device.sql",
    "0032_trusted_browser.sql",
    "0033_mfa_ceremony.sql",
    "0034_removed_upload.sql",
    "0035_voucher_of_mfa.sql",
    "0036_sign_in_record.sql",
    "0037_fewer_job_indexes.sql",
    "0038_key_after_reset.sql",
];

/// The number of the schema that this program works with.
#[must_use]
pub fn schema() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Number of the migration that gives the table `migration` its column `hash`.
pub(crate) const HASHED_FROM: i64 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes of the files as they were when each was added. A line is added with a new file; a line
    /// is never changed.
    const FROZEN: &[(&str, &str)] = &[
        ("0001_core.sql", "1e72eb7d19f72358e02fb93db48d0cfc0c067be62c4c1a15203606d7b21e75c3"),
        ("0002_objects.sql", "ec854ee432e3d8b160121dc6b263793dfa2ed3a0d9692df44c99c8bc253fd104"),
        ("0003_identity.sql", "51cea824cad25ecaa53e522d035290a3ec1f8a45944352b61877a837b2864731"),
        ("0004_access.sql", "da2ca64daa6b0f9ca69b9a7d8b2b54d5f959031683a39d799e317603cc04de99"),
        ("0005_sessions.sql", "6e95ed5002f2941162156be1ddbcac98e7672eb128c9a6e941789e875468ae35"),
        (
            "0006_migration_hash.sql",
            "0ec796790814a90e0e5013b4ad7afe1fe5f7bf1795149b7e392fcf77998df378",
        ),
        (
            "0007_shown_version.sql",
            "cd0179c0a748d68e16c4aa8fd707b82d02ae6ba33b81af41c6a169c53ba9b15f",
        ),
        (
            "0008_network_configuration.sql",
            "ed4fe1f0bbba67bf0589823bdf74dd3c122329d168a0f16f143fdf18a4771e1e",
        ),
        (
            "0009_password_reset_request.sql",
            "7da6c9ee7cf504a535a148c54e65063aade030a5956444d8de9c98976b3332ad",
        ),
        ("0010_objects.sql", "2311d7cb9ebe4479ee731086e49361215983f2fbc69cad5a7a069a4711bc3a0a"),
        ("0011_audit_mac.sql", "9fa3ef3f318db179c15b348ef198fd34871d854bd74bc45322acf5fc9f72bcce"),
        ("0012_likeness.sql", "78db0886c39219b959d76a382f29d267e4aad999f70fef2113e7c1f31ad96fae"),
        (
            "0013_device_authorization_network.sql",
            "6cf31c073c2e3dff0ae54f26cd468ac05a57b28333124a100f2f16a31bdf3459",
        ),
        (
            "0014_grant_number.sql",
            "7ad8022d45017f17e25a54274a039d40a1faaab7e81ff62de68f52074b19e713",
        ),
        ("0015_node.sql", "c8fca2beefa594ebd80b2956c72fb0287fd9ab6961d40a1b1151a012a696653e"),
        (
            "0016_instance_of_organization.sql",
            "5dbacbe005896aac59183cf8ca2489cb7bfb62f4a63f2664deb72df05bcd7bcb",
        ),
        ("0017_voucher.sql", "8ecb82338f4949d796516ba52388fc801e4a6f7f3dcfc5404348d80fde61dfb0"),
        (
            "0018_unlinked_file.sql",
            "c82b17d387af48aea47db26bd5a812d9d55387a0db5a246eb0cae5190ec86282",
        ),
        ("0019_job_turn.sql", "c260f61cfbd608b56a7b654c6efd860a87f482c68fa969a1c919be67ed898e73"),
        (
            "0020_node_agreement.sql",
            "1d3587722adb30e53056f076babf92533c7e31c23fabe792526cfde77998aa15",
        ),
        (
            "0021_audit_archive.sql",
            "cc4f5d23848a99b283ee163b27fbddc64975c48e5442a6453c7c8e47465ab0ae",
        ),
        (
            "0022_removed_principal.sql",
            "08e850c087c98291c539bcd1ab39c200d6f1abe0a77e6cb74f7e8aa4177416e2",
        ),
        (
            "0023_token_rotation.sql",
            "f8babb72fe91b9589eb64a9b294d5644324caa1806d432787342d057b190dc83",
        ),
        (
            "0024_instance_setting.sql",
            "b1b7f2e11e6a109a0fa36093ca867f1b3ac9c4fe4054be3ebf60561cee7bc0c4",
        ),
        ("0025_message.sql", "561316f33185cc6a50b71376e35b232a2868a8b81c11e782a27ba4e4c5d07136"),
        (
            "0026_audit_forward.sql",
            "4a80f90bb7009e211d10ee32696570f33f33d46fb3ef272fe5062d0110cc8ac6",
        ),
        (
            "0027_password_link.sql",
            "6947a5f2c12e3b7d08d5ee84e3df65e0d476703d04091b591b709eb7bcc1c20a",
        ),
        ("0028_user_email.sql", "bd4a586a05639a10304b70dea0b1feb4f19dd861c21dcbb88ab1eed8102c1e9f"),
        (
            "0029_unsealed_hash.sql",
            "da6957681bdba43ebdee9da1908a678f35dcfe6d093ed3e23f51a980e8660e04",
        ),
        (
            "0030_session_life.sql",
            "5fba2fd8217d547c1a62ebfcc3d4e4e0e726bd3a3d42702fafaed2c3a490ea8e",
        ),
        ("0031_mfa_device.sql", "df897d03441ace43800f5f009bc2688be6dbb60d2c08d9ee93df8124c7debd68"),
        (
            "0032_trusted_browser.sql",
            "230df5495b8b0f0377f6a27d3ed6f34618e2e355ea1d3c24d06bf63892fe38b8",
        ),
        (
            "0033_mfa_ceremony.sql",
            "67c80920ebd5624ac3f2e4f9b6c6399e4679fc81db5cc383905341ee999461fd",
        ),
        (
            "0034_removed_upload.sql",
            "7bee2929c403f2859f95bafc53f88f1d93e12b32e69ce7c68d55d9c23738418c",
        ),
        (
            "0035_voucher_of_mfa.sql",
            "904ce536525c351485ea82098991ff4fb69c052d52310b08eb2b6055265ab02d",
        ),
        (
            "0036_sign_in_record.sql",
            "4d807368025c914c7e5fe4bcfdb711cdc72f1ba3a91b2227692b01dd19acd38c",
        ),
        (
            "0037_fewer_job_indexes.sql",
            "951df97527010869d812fb268297da4b348f2be150842b681b3ed33bb01ecfd0",
        ),
        (
            "0038_key_after_reset.sql",
            "1e50c184261628f8a86c6cf31de0100f92c5e88db4237c7939a242e845ee95cc",
        ),
    ];

    #[test]
    fn no_migration_was_edited_after_it_was_added() {
        let hashes: Vec<String> = MIGRATIONS.iter().map(Migration::hash).collect();
        let names = MIGRATIONS.iter().map(|migration| migration.name);
        let found: Vec<(&str, &str)> = names.zip(hashes.iter().map(String::as_str)).collect();
        assert_eq!(found, FROZEN, "a schema change is a new file, with a line of its own here");
    }

    #[test]
    fn every_file_is_in_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let listed: Vec<&str> = MIGRATIONS.iter().map(|migration| migration.name).collect();
        assert_eq!(names, listed);
    }

    #[test]
    fn the_number_of_the_hashes_is_the_number_of_their_file() {
        let place = usize::try_from(HASHED_FROM - 1).unwrap();
        assert_eq!(MIGRATIONS[place].name, "0006_migration_hash.sql");
    }
}
