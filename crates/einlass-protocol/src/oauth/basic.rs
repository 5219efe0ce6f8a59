//! HTTP Basic as OAuth uses it (RFC 7617, RFC 6749 §2.3.1).

use super::form::decode;
use crate::ids::ClientId;
use crate::secret::Secret;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A client's id and secret from an `Authorization: Basic` header.
#[derive(Clone, Debug)]
pub struct BasicCredentials {
    /// Who the caller says it is.
    pub client_id: ClientId,
    /// What is to prove it.
    pub secret: Secret,
}

/// The credentials cannot be read. There is one reason on purpose: it is told to whoever sent them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not base64(client_id:client_secret)")]
pub struct MalformedBasic;

impl BasicCredentials {
    /// Reads what follows the scheme's name.
    ///
    /// RFC 6749 §2.3.1 has id and secret form-encoded before they are joined; the platform's own clients
    /// join them raw. What we issue is the same either way, so decoding is right for both.
    pub fn parse(encoded: &str) -> Result<Self, MalformedBasic> {
        let decoded = LENIENT.decode(encoded.trim()).map_err(|_| MalformedBasic)?;
        let split = decoded.iter().position(|byte| *byte == b':').ok_or(MalformedBasic)?;
        let client_id = decode(&decoded[..split]).map_err(|_| MalformedBasic)?;
        let secret = decode(&decoded[split + 1..]).map_err(|_| MalformedBasic)?;
        if secret.is_empty() {
            return Err(MalformedBasic);
        }
        let client_id = client_id.parse().map_err(|_| MalformedBasic)?;
        Ok(Self { client_id, secret: Secret::new(secret) })
    }

    /// The header's value, id and secret joined raw.
    #[must_use]
    pub fn to_header(&self) -> Secret {
        let joined = format!("{}:{}", self.client_id, self.secret.expose());
        Secret::new(format!("Basic {}", LENIENT.encode(joined)))
    }
}

/// Padding is written and not required: clients differ.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(joined: &str) -> Result<(String, String), MalformedBasic> {
        let read = BasicCredentials::parse(&LENIENT.encode(joined))?;
        Ok((read.client_id.to_string(), read.secret.expose().to_owned()))
    }

    #[test]
    fn raw_and_form_encoded_credentials_are_the_same() {
        let expected = Ok(("app-1".to_owned(), "ein_cs_x".to_owned()));
        assert_eq!(parse("app-1:ein_cs_x"), expected);
        assert_eq!(parse("app%2D1:ein%5fcs%5Fx"), expected);
    }

    #[test]
    fn a_secret_may_contain_a_colon() {
        assert_eq!(parse("a:b:c"), Ok(("a".to_owned(), "b:c".to_owned())));
    }

    #[test]
    fn what_is_not_id_and_secret_is_refused() {
        for joined in ["", "a", ":b", "a:", "a b:c", "\u{e4}:c"] {
            assert_eq!(parse(joined), Err(MalformedBasic), "{joined:?}");
        }
        assert!(BasicCredentials::parse("!!!").is_err());
    }

    #[test]
    fn the_header_reads_back() {
        let written = BasicCredentials { client_id: "a".parse().unwrap(), secret: Secret::new("b".into()) };
        assert_eq!(written.to_header().expose(), "Basic YTpi");
    }
}
