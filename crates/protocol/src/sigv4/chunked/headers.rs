//! The headers of a body in chunks.

/// The header with the length of the content, without the lines between the chunks.
pub const DECODED_LENGTH: &str = "x-amz-decoded-content-length";

/// The header that announces the trailing headers.
pub const TRAILER: &str = "x-amz-trailer";

/// The trailing header with the signature of the others.
pub(super) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";
