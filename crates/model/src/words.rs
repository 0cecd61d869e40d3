//! Enums whose variants have one word each, for the API and for the database.

/// Declares the words of the API and of the database.
macro_rules! words {
    ($name:ident, $must:literal, $($variant:ident = $word:literal),+) => {
        impl $name {
            /// The word of the API and of the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($must),
                }
            }
        }
    };
}

pub(crate) use words;
