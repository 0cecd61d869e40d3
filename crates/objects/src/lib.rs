//! The local account store: S3 over real files.
