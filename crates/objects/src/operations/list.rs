//! The steps that the listings of objects share.

use kernel::Ctx;
use model::Fault;
use model::bucket::BucketName;
use model::object::Upload;
use policy::{Permit, supplied};
use s3s::dto::{self, EncodingType};
use store::object::Entry;

use crate::listing::{Listed, Page, Place, Query, collect};
use crate::object_store::account;
use crate::refusal::Refusal;
use crate::{names, wire};

/// AWS: maximum number of entries per page.
pub const PAGE_MAX: i32 = 1000;

/// The parameters of a list request.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub bucket: BucketName,
    pub owner: Option<String>,
    pub prefix: Option<String>,
    pub delimiter: Option<String>,
    pub size: i32,
    pub encoding: Encoding,
}

/// The encoding of keys in the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    pub fn of(said: Option<&EncodingType>) -> Result<Self, Refusal> {
        match said.map(EncodingType::as_str) {
            None | Some("") => Ok(Self::Plain),
            Some("url") => Ok(Self::Url),
            Some(_) => Err(Refusal::invalid("Invalid Encoding Method specified in Request.")),
        }
    }

    #[must_use]
    pub fn write(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Url => wire::encoded_key(text),
        }
    }
}

impl Wanted {
    pub fn new(
        bucket: &str,
        owner: Option<String>,
        prefix: Option<String>,
        delimiter: Option<String>,
        size: Option<i32>,
        encoding: Option<&EncodingType>,
    ) -> Result<Self, Refusal> {
        names::listable("prefix", prefix.as_deref())?;
        names::listable("delimiter", delimiter.as_deref())?;
        let size = size.unwrap_or(PAGE_MAX);
        if size < 0 {
            return Err(Refusal::invalid(
                "Argument maxKeys must be an integer between 0 and 2147483647.",
            ));
        }
        Ok(Self {
            bucket: names::bucket(bucket)?,
            owner,
            prefix,
            delimiter: delimiter.filter(|delimiter| !delimiter.is_empty()),
            size: size.min(PAGE_MAX),
            encoding: Encoding::of(encoding)?,
        })
    }

    /// Asks for an action on the bucket, with the condition keys that the action has.
    pub fn authorize(&self, ctx: &Ctx<'_>, action: &'static str) -> Result<Permit, Fault> {
        let size = self.size.to_string();
        let value = |key: &str| match key {
            "s3:delimiter" => self.delimiter.as_deref(),
            "s3:max-keys" => Some(size.as_str()),
            "s3:prefix" => self.prefix.as_deref(),
            _ => None,
        };
        let keys = supplied::keys_of(action).iter();
        let keys: Vec<(&str, &str)> =
            keys.filter_map(|key| Some((key.as_str(), value(key)?))).collect();
        ctx.authorize_with(action, &self.bucket.arn(), &keys)
    }

    /// The page of objects that follows `after`, for a caller who is allowed `action`.
    pub fn objects(
        &self,
        ctx: &Ctx<'_>,
        action: &'static str,
        after: Option<&str>,
    ) -> Result<Page<Entry>, Refusal> {
        let permit = self.authorize(ctx, action)?;
        names::check_owner(ctx, self.owner.as_deref())?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        store::bucket::require(&mut read, account, &self.bucket)?;
        let place = after.map(|key| Place { key, id: None });
        let page = collect(&self.query(place), |from, below, limit| {
            let limit =
                i64::try_from(limit).map_err(|why| Fault::broken_at("the size of a page", why))?;
            store::object::list(&mut read, account, &self.bucket, &from.key, below, limit)
        })?;
        Ok(page)
    }

    #[must_use]
    pub fn query<'a>(&'a self, after: Option<Place<'a>>) -> Query<'a> {
        Query {
            prefix: self.prefix.as_deref().unwrap_or_default(),
            delimiter: self.delimiter.as_deref(),
            after,
            limit: usize::try_from(self.size).unwrap_or_default(),
        }
    }

    /// Text that identifies this list, for paging tokens.
    #[must_use]
    pub fn identity(&self, ctx: &Ctx<'_>) -> String {
        let Self { bucket, prefix, delimiter, .. } = self;
        format!("ListObjects {} {bucket} {prefix:?} {delimiter:?}", ctx.caller.arn())
    }

    #[must_use]
    pub fn written(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.encoding.write(text))
    }

    #[must_use]
    pub fn common_prefixes(&self, prefixes: &[String]) -> Option<dto::CommonPrefixList> {
        let prefixes = prefixes
            .iter()
            .map(|prefix| dto::CommonPrefix { prefix: Some(self.encoding.write(prefix)) });
        Some(prefixes.collect::<Vec<_>>()).filter(|prefixes| !prefixes.is_empty())
    }

    #[must_use]
    pub fn contents(&self, entries: Vec<Entry>, owner: Option<&dto::Owner>) -> dto::ObjectList {
        let content = |entry: Entry| dto::Object {
            checksum_algorithm: Some(vec![wire::checksum_algorithm(entry.checksum.algorithm)]),
            checksum_type: Some(wire::checksum_type(entry.checksum.kind)),
            e_tag: Some(wire::etag(&entry.etag)),
            key: Some(self.encoding.write(entry.key.as_str())),
            last_modified: Some(wire::timestamp(entry.modified_at_ms)),
            owner: owner.cloned(),
            size: Some(wire::signed(entry.size)),
            storage_class: Some(dto::ObjectStorageClass::from_static("STANDARD")),
            ..dto::Object::default()
        };
        entries.into_iter().map(content).collect()
    }
}

impl Listed for Entry {
    fn key(&self) -> &str {
        self.key.as_str()
    }

    fn id(&self) -> &'static str {
        ""
    }
}

impl Listed for Upload {
    fn key(&self) -> &str {
        self.key.as_str()
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
