//! The sign-in sequence behind the first factor: what a person has to do before a session begins.
//!
//! AWS IAM Identity Center User Guide, "Configure MFA device enforcement" and "Prompt users for MFA".
//! INVARIANT: no portal session begins without a [`SignInProof`], and only [`next_step`] makes one.

use model::ids::{IdentityStoreId, UserId};
use model::mfa::{MfaSettings, MfaType, NoMfaSignInBehavior, PromptMode};

/// Proof that a person has done all that their instance asks of them.
#[derive(Debug)]
pub struct SignInProof {
    identity_store_id: IdentityStoreId,
    user_id: UserId,
    is_whole: bool,
}

impl SignInProof {
    /// Tells whether the person showed a second factor, or has none. In a browser of their own the password was enough.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    pub(super) fn person(&self) -> (&IdentityStoreId, &UserId) {
        (&self.identity_store_id, &self.user_id)
    }
}

/// What a person has proved in this sequence.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proven {
    /// That they know the password.
    Password,
    /// The password, and that they hold a device of this type.
    Device(MfaType),
    /// The password, and that they read mail at their address.
    EmailCode,
    /// Without a password that they hold a passkey, which verified its owner. It counts as both factors.
    Passkey,
}

/// What decides on the next step.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    pub identity_store_id: &'a IdentityStoreId,
    pub user_id: &'a UserId,
    pub settings: &'a MfaSettings,
    pub proven: Proven,
    /// Types of the person's devices, in the order in which they are offered.
    pub devices: &'a [MfaType],
    /// True in a browser that the person called their own, as `store::trusted_browser` tells.
    pub is_trusted: bool,
    /// True if an administrator lets the person in once without a second factor, because they lost it.
    pub is_excused: bool,
    /// True if mail for the person has an address to go to.
    pub has_address: bool,
}

/// What a person has to do next.
#[derive(Debug)]
pub enum NextStep {
    /// Nothing: a session may begin.
    SignedIn(SignInProof),
    /// Prove that they hold a device of one of these types.
    AskDevice(Vec<MfaType>),
    /// Register a device of one of these types.
    Register(Vec<MfaType>),
    /// Type the code that goes to their address.
    EmailCode,
    /// Ask an administrator.
    Blocked(Obstacle),
}

impl NextStep {
    /// Tells whether the person may go on with a device of this type.
    #[must_use]
    pub fn asks_for(&self, mfa_type: MfaType) -> bool {
        matches!(self, Self::AskDevice(types) if types.contains(&mfa_type))
    }

    /// Tells whether the person may go on by registering a device of this type.
    #[must_use]
    pub fn registers(&self, mfa_type: MfaType) -> bool {
        matches!(self, Self::Register(types) if types.contains(&mfa_type))
    }
}

/// Why a person with the right password does not get in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Obstacle {
    NoDevice,
    NoAddress,
}

impl Obstacle {
    /// The reason in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoDevice => "the person has no device of an allowed type",
            Self::NoAddress => "the person has neither a device of an allowed type nor an address",
        }
    }
}

/// Decides what a person has to do next.
#[must_use]
pub fn next_step(situation: &Situation<'_>) -> NextStep {
    // Whether passkeys alone are let in was asked before.
    if situation.proven == Proven::Passkey {
        return NextStep::SignedIn(prove(situation));
    }
    let needed = after_password(situation);
    let is_done = match (&needed, situation.proven) {
        (NextStep::AskDevice(types), Proven::Device(shown)) => types.contains(&shown),
        (NextStep::EmailCode, Proven::EmailCode) => true,
        (
            NextStep::SignedIn(_)
            | NextStep::AskDevice(_)
            | NextStep::Register(_)
            | NextStep::EmailCode
            | NextStep::Blocked(_),
            Proven::Password | Proven::Device(_) | Proven::EmailCode | Proven::Passkey,
        ) => false,
    };
    // Who has to register a device can do so, excused or not.
    let is_excused = situation.is_excused && !matches!(needed, NextStep::Register(_));
    if is_done || is_excused { NextStep::SignedIn(prove(situation)) } else { needed }
}

/// What the password alone leads to.
fn after_password(situation: &Situation<'_>) -> NextStep {
    let Situation { settings, devices, is_trusted, .. } = situation;
    let is_known = *is_trusted && settings.prompt_mode == PromptMode::ContextAware;
    if settings.prompt_mode == PromptMode::Disabled {
        return NextStep::SignedIn(prove(situation));
    }
    let usable = usable(settings, devices);
    if !usable.is_empty() {
        return if is_known {
            NextStep::SignedIn(prove(situation))
        } else {
            NextStep::AskDevice(usable)
        };
    }
    match settings.no_mfa_sign_in_behavior {
        NoMfaSignInBehavior::RequireRegistration => {
            NextStep::Register(settings.allowed_mfa_types.iter().collect())
        }
        NoMfaSignInBehavior::EmailOtp if !situation.has_address => {
            NextStep::Blocked(Obstacle::NoAddress)
        }
        NoMfaSignInBehavior::EmailOtp if !is_known => NextStep::EmailCode,
        NoMfaSignInBehavior::Blocked => NextStep::Blocked(Obstacle::NoDevice),
        NoMfaSignInBehavior::EmailOtp | NoMfaSignInBehavior::Allowed => {
            NextStep::SignedIn(prove(situation))
        }
    }
}

/// The types of devices that are asked for, each once.
fn usable(settings: &MfaSettings, devices: &[MfaType]) -> Vec<MfaType> {
    let mut usable: Vec<MfaType> = Vec::new();
    for mfa_type in devices {
        // A device of a type that is not allowed any more counts as none.
        if settings.allowed_mfa_types.contains(*mfa_type) && !usable.contains(mfa_type) {
            usable.push(*mfa_type);
        }
    }
    usable
}

fn prove(situation: &Situation<'_>) -> SignInProof {
    let usable = usable(situation.settings, situation.devices);
    let has_shown = match situation.proven {
        Proven::Passkey => true,
        Proven::Device(shown) => usable.contains(&shown),
        // Who is excused has lost their devices, and has to register another.
        Proven::Password => situation.is_excused,
        Proven::EmailCode => false,
    };
    SignInProof {
        is_whole: usable.is_empty() || has_shown,
        identity_store_id: situation.identity_store_id.clone(),
        user_id: situation.user_id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use MfaType::{Totp, Webauthn};

    use super::*;

    const MODES: [PromptMode; 3] =
        [PromptMode::ContextAware, PromptMode::AlwaysOn, PromptMode::Disabled];
    const BEHAVIORS: [NoMfaSignInBehavior; 4] = [
        NoMfaSignInBehavior::RequireRegistration,
        NoMfaSignInBehavior::EmailOtp,
        NoMfaSignInBehavior::Blocked,
        NoMfaSignInBehavior::Allowed,
    ];
    /// Types as they are allowed, and types of devices.
    const TYPES: [&[MfaType]; 4] = [&[], &[Totp], &[Webauthn], &[Totp, Webauthn]];
    const PROVEN: [Proven; 5] = [
        Proven::Password,
        Proven::Device(Totp),
        Proven::Device(Webauthn),
        Proven::EmailCode,
        Proven::Passkey,
    ];

    fn word(step: &NextStep) -> String {
        match step {
            NextStep::SignedIn(proof) if proof.is_whole => "in".to_owned(),
            NextStep::SignedIn(_) => "in without a factor".to_owned(),
            NextStep::AskDevice(types) => format!("ask {types:?}"),
            NextStep::Register(types) => format!("register {types:?}"),
            NextStep::EmailCode => "mail".to_owned(),
            NextStep::Blocked(obstacle) => format!("blocked {obstacle:?}"),
        }
    }

    /// Every combination, with what a second reading of the rules says.
    #[test]
    fn every_combination_leads_to_its_step() {
        let (store_id, user_id) = (
            "d-0123456789".parse().unwrap(),
            "00000000-0000-4000-8000-000000000001".parse().unwrap(),
        );
        let mut seen = 0;
        for (mode, behavior) in MODES.iter().flat_map(|mode| BEHAVIORS.map(|it| (*mode, it))) {
            for (allowed, devices) in
                TYPES[1..].iter().flat_map(|allowed| TYPES.map(|it| (*allowed, it)))
            {
                for (proven, bits) in
                    PROVEN.iter().flat_map(|it| (0..8).map(move |bits| (*it, bits)))
                {
                    let (is_trusted, has_address) = (bits & 1 == 1, bits & 2 == 2);
                    let is_excused = bits & 4 == 4;
                    let settings = MfaSettings {
                        prompt_mode: mode,
                        allowed_mfa_types: allowed.to_vec().try_into().unwrap(),
                        no_mfa_sign_in_behavior: behavior,
                        allow_user_managed_devices: true,
                    };
                    let step = next_step(&Situation {
                        identity_store_id: &store_id,
                        user_id: &user_id,
                        settings: &settings,
                        proven,
                        devices,
                        is_trusted,
                        is_excused,
                        has_address,
                    });
                    let usable: Vec<MfaType> =
                        devices.iter().copied().filter(|it| allowed.contains(it)).collect();
                    let is_known = is_trusted && mode == PromptMode::ContextAware;
                    let is_in = mode == PromptMode::Disabled || proven == Proven::Passkey;
                    let expected = if is_in {
                        let has_shown = match proven {
                            Proven::Passkey => true,
                            Proven::Device(shown) => usable.contains(&shown),
                            Proven::Password => is_excused,
                            Proven::EmailCode => false,
                        };
                        let is_whole = usable.is_empty() || has_shown;
                        (if is_whole { "in" } else { "in without a factor" }).to_owned()
                    } else if let Some(shown) =
                        usable.iter().find(|it| proven == Proven::Device(**it))
                    {
                        assert!(devices.contains(shown));
                        "in".to_owned()
                    } else if !usable.is_empty() {
                        if is_excused && proven == Proven::Password {
                            "in".to_owned()
                        } else if is_known || is_excused {
                            "in without a factor".to_owned()
                        } else {
                            format!("ask {usable:?}")
                        }
                    } else {
                        match behavior {
                            NoMfaSignInBehavior::RequireRegistration => {
                                format!("register {allowed:?}")
                            }
                            NoMfaSignInBehavior::Blocked
                            | NoMfaSignInBehavior::EmailOtp
                            | NoMfaSignInBehavior::Allowed
                                if is_excused =>
                            {
                                "in".to_owned()
                            }
                            NoMfaSignInBehavior::Blocked => "blocked NoDevice".to_owned(),
                            NoMfaSignInBehavior::Allowed => "in".to_owned(),
                            NoMfaSignInBehavior::EmailOtp if !has_address => {
                                "blocked NoAddress".to_owned()
                            }
                            NoMfaSignInBehavior::EmailOtp
                                if is_known || proven == Proven::EmailCode =>
                            {
                                "in".to_owned()
                            }
                            NoMfaSignInBehavior::EmailOtp => "mail".to_owned(),
                        }
                    };
                    assert_eq!(
                        word(&step),
                        expected,
                        "{mode:?} {behavior:?} {allowed:?} {devices:?} {proven:?} {bits}"
                    );
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 3 * 4 * 3 * 4 * 5 * 8);
    }
}
