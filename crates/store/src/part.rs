//! Size of the parts of long work (decision 0037).

/// Maximum number of rows that one transaction of long work deletes, those that a foreign key deletes along included. On
/// SQLite nobody else writes meanwhile.
pub const ROWS_MAX: i64 = 100;
