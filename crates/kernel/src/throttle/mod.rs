//! Throttling of failed sign-ins.
//!
//! Failures are counted per user and network, per user, and per network of each size. Each count decays over
//! time, and a high count causes growing pauses. A browser in which the user signed in before has
//! its own count, and a network from which they signed in is exempt from the counts per user and per larger network.
//! An attacker therefore slows down only themselves and other unknown clients, and cannot lock the
//! user out: beyond the limit of a user, networks that have not failed at this user are heard by lot.
//! A one-time password cannot be guessed, so the count per user from all networks has no part in its attempts. All other
//! counts are the same for everybody: they do not tell who has one.
//! INVARIANT: an attempt is counted in all its counts before the password is checked, in one transaction, and given back
//! if the password is right. Concurrent attempts therefore get no more tries than sequential ones.
//! INVARIANT: strangers cannot make rows without bound. A row goes when its count has decayed, an attempt writes none
//! before it has a seat of `Passwords`, networks of each size are paused, and new counters have shares
//! (`strangers::new_counters`).

mod choices;
mod codes;
mod counter;
mod counts;
mod limit;
mod lot;
mod networks;

pub use choices::{CountedChoice, count_choice};
pub use codes::{CountedCode, count_code};
pub use counter::{keep, scope};
pub use counts::{Attempt, Counted, Counts, Ready};
pub use limit::Limit;
pub use networks::count_wrong_passkey;
