//! Names that neither a user nor a group may have.

use crate::case_fold::fold;

pub(crate) const RESERVED: &str = "not be Administrator or AWSAdministrators, which are reserved";

/// Tells whether the name is reserved.
// AWS: «reserved names and can't be used for users or groups».
pub(crate) fn is_reserved(text: &str) -> bool {
    let reserved = ["administrator", "awsadministrators"];
    if text.is_ascii() {
        return reserved.iter().any(|reserved| text.eq_ignore_ascii_case(reserved));
    }
    // A letter outside of ASCII may fold to an ASCII letter.
    reserved.contains(&fold(text).as_str())
}
