//! Second factors: what an instance asks for, and the devices of a person.

mod bypass;
mod device;
mod settings;

pub use bypass::MfaBypass;
pub use device::{MfaDevice, MfaDeviceName, MfaType};
pub use settings::{
    AllowedMfaTypes, MfaSettings, NoMfaSignInBehavior, NoPasswordSignInBehavior, PromptMode,
};
