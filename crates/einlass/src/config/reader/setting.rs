//! Values: read from TOML, from the environment and from defaults alike.

use super::effective::quoted;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::time::Duration;
use toml::de::DeValue;

/// How TOML writes a value.
#[derive(Clone, Copy)]
pub(in crate::config) enum Written {
    /// `"a text"`
    Text,
    /// `42`
    Number,
    /// `true`
    Flag,
}

impl Written {
    /// The text of a TOML value that is written like this.
    pub(super) fn text(self, value: &DeValue<'_>) -> Result<String, String> {
        match (self, value) {
            (Self::Text, DeValue::String(text)) => Ok(text.to_string()),
            (Self::Flag, DeValue::Boolean(flag)) => Ok(flag.to_string()),
            (Self::Number, DeValue::Integer(number)) => {
                let read = i128::from_str_radix(number.as_str(), number.radix());
                read.map(|number| number.to_string()).map_err(|_| self.needed().into())
            }
            _ => Err(self.needed().into()),
        }
    }

    /// A text that was read as TOML writes it.
    pub(super) fn as_toml(self, text: &str) -> String {
        match self {
            Self::Text => quoted(text),
            Self::Number | Self::Flag => text.to_owned(),
        }
    }

    const fn needed(self) -> &'static str {
        match self {
            Self::Text => "must be a text; write it in quotes",
            Self::Number => "must be a whole number; write it without quotes",
            Self::Flag => "must be true or false; write it without quotes",
        }
    }
}

/// A kind of value.
pub(in crate::config) trait Setting: Sized {
    /// How TOML writes it.
    const WRITTEN: Written = Written::Text;

    /// Reads it, or says what is wrong and what to do. The message does not repeat what may be secret.
    fn parse(text: &str) -> Result<Self, String>;
}

impl Setting for String {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("must not be empty".into()) } else { Ok(text.into()) }
    }
}

impl Setting for bool {
    const WRITTEN: Written = Written::Flag;

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "must be true or false".into())
    }
}

impl Setting for u32 {
    const WRITTEN: Written = Written::Number;

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("must be a whole number from 0 to {}", Self::MAX))
    }
}

impl Setting for NonZero<u32> {
    const WRITTEN: Written = Written::Number;

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("must be a whole number from 1 to {}", Self::MAX))
    }
}

impl Setting for Duration {
    fn parse(text: &str) -> Result<Self, String> {
        crate::duration::parse(text).map_err(|fault| fault.to_string())
    }
}

impl Setting for SocketAddr {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            "must be an IP address with a port; write it as 127.0.0.1:8480, 0.0.0.0:443 or [::]:443".into()
        })
    }
}

impl Setting for IpNet {
    fn parse(text: &str) -> Result<Self, String> {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(Self::from));
        let network =
            network.map_err(|_| "must be an IP address or a network; write it as 10.0.0.7 or 10.0.0.0/24")?;
        if network.prefix_len() == 0 {
            return Err("must not be everybody; name the proxies that stand in front of this platform".into());
        }
        Ok(network)
    }
}
