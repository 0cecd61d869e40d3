//! AWS STS, `GetAccessKeyInfo`.

use std::str::FromStr;

use kernel::credentials::access_key;
use kernel::{Ctx, Operation};
use model::Fault;
use protocol::{Fields, FromFields};
use serde::Serialize;

pub const OPERATION: Operation<GetAccessKeyInfoRequest, GetAccessKeyInfoReply> =
    Operation::reads("STS.GetAccessKeyInfo", "sts:GetAccessKeyInfo", get_access_key_info);

#[derive(Debug)]
pub struct GetAccessKeyInfoRequest {
    pub access_key_id: AccessKeyIdText,
}

/// Text of 16 to 128 word characters. It need not be an access key id.
#[derive(Debug)]
pub struct AccessKeyIdText(String);

impl FromStr for AccessKeyIdText {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(16..=128).contains(&text.chars().count()) {
            return Err("have length between 16 and 128");
        }
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err("hold letters, digits and underscores only");
        }
        Ok(Self(text.to_owned()))
    }
}

impl FromFields for GetAccessKeyInfoRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { access_key_id: fields.required("AccessKeyId")? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetAccessKeyInfoReply {
    pub account: String,
}

/// Returns the account that a key id contains. The key need not be valid.
pub fn get_access_key_info(
    ctx: &Ctx<'_>,
    request: &GetAccessKeyInfoRequest,
) -> Result<GetAccessKeyInfoReply, Fault> {
    let _permit = ctx.authorize(OPERATION.action, "*")?;
    let account = access_key::account_of(&request.access_key_id.0);
    let account = account.ok_or_else(|| Fault::invalid("AccessKeyId", "be an access key id"))?;
    Ok(GetAccessKeyInfoReply { account: account.to_string() })
}
