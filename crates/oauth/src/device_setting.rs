//! The setting that turns device codes off.

use model::Fault;
use model::ids::InstanceId;
use model::setting::DeviceAuthorizationStatus;
use store::{Read, setting};

/// Reason of a refusal to a program.
pub(crate) const DISABLED: &str = "This instance lets programs in only through a browser on the same machine. \
    Use the authorization code grant: `aws sso login` without --use-device-code.";

/// Reason of a refusal to a person. It ends the sentence "Code must …".
pub(crate) const NOT_BY_CODE: &str = "not be used here: programs are let in only through a browser on the same machine. \
    Start the program again without a code";

/// Tells whether an instance takes device codes.
pub(crate) fn takes_codes(read: &mut Read<'_>, id: &InstanceId) -> Result<bool, Fault> {
    Ok(match setting::find(read, id)? {
        DeviceAuthorizationStatus::Enabled => true,
        DeviceAuthorizationStatus::Disabled => false,
    })
}
