//! Names that neither a user nor a group may have.

use crate::case_fold::fold;
use crate::likeness::Likeness;

pub(crate) const RESERVED: &str = "not be Administrator or AWSAdministrators, which are reserved";

const NAMES: [&str; 2] = ["administrator", "awsadministrators"];

/// Tells whether the name is reserved.
// AWS: «reserved names and can't be used for users or groups».
pub(crate) fn is_reserved(text: &str) -> bool {
    if text.is_ascii() {
        return NAMES.iter().any(|reserved| text.eq_ignore_ascii_case(reserved));
    }
    // A letter outside of ASCII may fold to an ASCII letter.
    NAMES.contains(&fold(text).as_str())
}

/// Tells whether a name looks like a reserved one.
pub(crate) fn is_reserved_likeness(likeness: &Likeness) -> bool {
    NAMES.contains(&likeness.as_str())
}
