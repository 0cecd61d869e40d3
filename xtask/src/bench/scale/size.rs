//! How much is in a store, and the names of it. It is lopsided, as life is.
//!
//! One person has [`PERSON_ACCOUNTS`] accounts, and another is in [`GROUPS`] groups. One group has [`BIG_MEMBERS`] members,
//! one has several thousand assignments, and one is in every account.

use super::super::seed::{ID, USER_ID};

/// Number of accounts of one person, if there are as many.
pub const PERSON_ACCOUNTS: u32 = 2_000;
/// Number of members of one group, if there are as many users.
pub const BIG_MEMBERS: u32 = 10_000;
/// Number of groups of one person, and of groups with [`FEW`] assignments.
pub const GROUPS: u32 = 100;
/// Number of assignments of a group with few.
pub const FEW: u32 = 5;
/// Number of assignments of any other group.
pub const MANY: u32 = 20;
/// Number of permission sets.
pub const SETS: u32 = 40;
/// Number of the permission set that one group has in every account.
pub const EVERYWHERE: u32 = 39;

/// Numbers of rows.
#[derive(Clone, Copy)]
pub struct Size {
    /// Each user is a member of one group.
    pub users: u32,
    pub groups: u32,
    pub accounts: u32,
    /// Number of assignments of the group with many.
    pub fat: u32,
}

impl Size {
    /// 1,000 users and 1,000 assignments.
    pub const SMALL: Self = Self { users: 1_000, groups: GROUPS, accounts: 200, fat: 100 };
    /// 5,000 assignments.
    pub const QUICK: Self = Self { users: 20_000, groups: 120, accounts: 1_500, fat: 1_100 };
    /// 1,000,000 users and 110,000 assignments.
    pub const LARGE: Self = Self { users: 1_000_000, groups: 3_725, accounts: 30_000, fat: 5_000 };
}

impl Size {
    /// Number of members of the large group.
    pub fn big(self) -> u32 {
        BIG_MEMBERS.min(self.users)
    }

    /// Number of accounts of the person with many.
    pub fn held(self) -> u32 {
        PERSON_ACCOUNTS.min(self.accounts)
    }
}

/// Id of the user with a number.
pub fn user_id(number: u32) -> String {
    format!("{}{USER_ID}", ID.of(number))
}

/// What follows the digits of a group's id.
pub const GROUP_ID: &str = "-0000-4000-8000-000000000002";

pub fn group_id(number: u32) -> String {
    format!("{}{GROUP_ID}", ID.of(number))
}

/// What the digits of an account follow.
pub const ACCOUNT_ID: &str = "9000";

pub fn account_id(number: u32) -> String {
    format!("{ACCOUNT_ID}{}", ID.of(number))
}

/// What the digits of a permission set's id follow.
pub const SET_ID: &str = "ps-00000000";

pub fn set_id(number: u32) -> String {
    format!("{SET_ID}{}", ID.of(number))
}
