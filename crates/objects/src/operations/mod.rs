//! The operations of S3, one per file, and the steps that several of them share.

mod abort_multipart_upload;
mod bucket_configuration;
mod bucket_tagging;
mod complete_multipart_upload;
mod completed_parts;
mod copy_object;
mod copy_source;
mod create_bucket;
mod create_multipart_upload;
mod delete_bucket;
mod delete_object;
mod delete_objects;
mod get_object;
mod get_object_attributes;
mod head_bucket;
mod head_object;
mod list;
mod list_buckets;
mod list_multipart_uploads;
mod list_object_versions;
mod list_objects;
mod list_objects_v2;
mod list_parts;
mod public_access_block;
mod put_object;
mod read;
mod tagging;
mod upload_part;
mod upload_part_copy;
mod write;

pub use abort_multipart_upload::abort_multipart_upload;
pub use bucket_configuration::*;
pub use bucket_tagging::{delete_bucket_tagging, get_bucket_tagging, put_bucket_tagging};
pub use complete_multipart_upload::complete_multipart_upload;
pub use copy_object::copy_object;
pub use create_bucket::create_bucket;
pub use create_multipart_upload::create_multipart_upload;
pub use delete_bucket::delete_bucket;
pub use delete_object::delete_object;
pub use delete_objects::delete_objects;
pub use get_object::get_object;
pub use get_object_attributes::get_object_attributes;
pub use head_bucket::{get_bucket_location, head_bucket};
pub use head_object::head_object;
pub use list_buckets::list_buckets;
pub use list_multipart_uploads::list_multipart_uploads;
pub use list_object_versions::list_object_versions;
pub use list_objects::list_objects;
pub use list_objects_v2::list_objects_v2;
pub use list_parts::list_parts;
pub use public_access_block::{
    delete_public_access_block, get_public_access_block, put_public_access_block,
};
pub use put_object::put_object;
pub use tagging::{delete_object_tagging, get_object_tagging, put_object_tagging};

pub use upload_part::upload_part;
pub use upload_part_copy::upload_part_copy;
