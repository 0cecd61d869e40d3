//! Second factors: what an instance asks for, and the devices of a person.

mod device;
mod settings;

pub use device::{MfaDevice, MfaDeviceName, MfaType};
pub use settings::{
    AllowedMfaTypes, MfaSettings, NoMfaSignInBehavior, NoPasswordSignInBehavior, PromptMode,
};
