//! Declaring a text with rules of its own: an identifier, a name, a description.
//!
//! A value of such a type is well formed, because `from_str` is the only way to make one from
//! outside; JSON is read through it too. The error of `from_str` ends the sentence `<field> must …`.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Declares a text type with `as_str`, `Display`, the common traits and JSON.
///
/// With a rule (a function from the text to `Ok(())` or the end of `<field> must …`) it declares
/// `FromStr` too; without one, `FromStr` is written beside the declaration.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $rule:expr) => {
        $crate::text_type::text_type! { $(#[$doc])* $name }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let rule: fn(&str) -> Result<(), &'static str> = $rule;
                rule(text).map(|()| Self(text.to_owned()))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        $crate::text_type::deserialize_from_str! { $name }
    };
}

/// Reads a type from a JSON string through its `FromStr`.
macro_rules! deserialize_from_str {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text_type::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use {deserialize_from_str, text_type};

// INVARIANT: a text of the database that breaks its type's rule is an error, never a value.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = &'static str>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err = &'static str>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
