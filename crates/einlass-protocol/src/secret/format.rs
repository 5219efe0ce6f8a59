//! What a generated secret looks like: a prefix that says what it opens, 256 bits in base 62, and six
//! characters of checksum. Secret scanners find it by `ein_[a-z]{2}_[0-9A-Za-z]{50}` and rule out false
//! alarms by the checksum. No character needs encoding in a form, a header or a URL.

use aws_lc_rs::digest;

/// What a generated secret opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretKind {
    /// The administration API.
    AdminToken,
    /// The token endpoint, for one client (RFC 6749 §2.3.1).
    ClientSecret,
    /// The exchange of marketplace channels, for one channel. `CHAN:` is how the platform's clients know it.
    ChannelToken,
    /// An admin token, once: the code that the first operator gets.
    OneTimeCode,
    /// An account, once: what an admin hands on to whoever is invited, or has forgotten a password.
    Link,
    /// An answer with a passkey, once: what was asked.
    Question,
    /// The exchange of marketplace channels, for one seller.
    SellerToken,
    /// The pages of accounts, for a person who has signed in.
    Session,
    /// The pages of one surface, for the same person.
    SurfaceSession,
    /// A token or a session, once (RFC 6749 §1.3.1).
    AuthorizationCode,
    /// A token for whoever granted it, and the next one of this kind, once (RFC 6749 §1.5).
    UserRefreshToken,
}

impl SecretKind {
    const ALL: [Self; 11] = [
        Self::AdminToken,
        Self::ClientSecret,
        Self::ChannelToken,
        Self::OneTimeCode,
        Self::Link,
        Self::Question,
        Self::SellerToken,
        Self::Session,
        Self::SurfaceSession,
        Self::AuthorizationCode,
        Self::UserRefreshToken,
    ];

    /// The text that every secret of this kind begins with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AdminToken => "ein_at_",
            Self::ClientSecret => "ein_cs_",
            Self::ChannelToken => "CHAN:ein_ct_",
            Self::OneTimeCode => "ein_ot_",
            Self::Link => "ein_ln_",
            Self::Question => "ein_qu_",
            Self::SellerToken => "SELLER:ein_st_",
            Self::Session => "ein_se_",
            Self::SurfaceSession => "ein_su_",
            Self::AuthorizationCode => "ein_ac_",
            Self::UserRefreshToken => "ein_rt_",
        }
    }

    /// The kind that a text claims to be and whose checksum it carries; `None` for anything else. It tells
    /// typing errors and foreign secrets apart from unknown ones without a look-up.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        let kind = Self::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let (body, sum) = text.split_at_checked(text.len().checked_sub(CHECKSUM_DIGITS)?)?;
        (body.len() == kind.prefix().len() + 2 * HALF_DIGITS && checksum(body) == sum).then_some(kind)
    }
}

/// Whether a text begins as a secret of ours does, whole or not. Such a text has no business where a name is
/// expected, and must not be repeated.
#[must_use]
pub fn looks_secret(text: &str) -> bool {
    // A refresh token of a channel or a seller says first whose it is.
    let text = text.split_once(':').map_or(text, |(_, rest)| rest);
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("ein_"))
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^22 > 2^128.
const HALF_DIGITS: usize = 22;
/// 62^6 > 2^32.
const CHECKSUM_DIGITS: usize = 6;

pub(super) fn encode(kind: SecretKind, entropy: &[u8; 32]) -> String {
    let mut text = String::from(kind.prefix());
    for half in entropy.chunks_exact(16) {
        let number = half.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        push_base62(&mut text, number, HALF_DIGITS);
    }
    let sum = checksum(&text);
    text + &sum
}

fn checksum(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let number = digest.as_ref().iter().take(4).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let mut sum = String::new();
    push_base62(&mut sum, number, CHECKSUM_DIGITS);
    sum
}

fn push_base62(text: &mut String, mut number: u128, width: usize) {
    let mut digits = vec![DIGITS[0]; width];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(number % 62).unwrap_or(0)];
        number /= 62;
    }
    text.extend(digits.into_iter().map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_prefix_length_and_checksum() {
        for kind in SecretKind::ALL {
            for entropy in [[0; 32], [0xff; 32], [7; 32]] {
                let text = encode(kind, &entropy);
                assert_eq!(text.len(), kind.prefix().len() + 50);
                assert_eq!(SecretKind::recognise(&text), Some(kind));
                let mut typo = text.clone().into_bytes();
                typo[30] = if typo[30] == b'x' { b'y' } else { b'x' };
                assert_eq!(SecretKind::recognise(&String::from_utf8(typo).unwrap()), None);
                assert_eq!(SecretKind::recognise(&text[..text.len() - 1]), None);
            }
        }
        assert_eq!(SecretKind::recognise(""), None);
        assert_eq!(SecretKind::recognise("ein_cs_ä"), None);
    }

    #[test]
    fn different_entropy_gives_different_secrets() {
        let mut low = [0; 32];
        low[31] = 1;
        let mut high = [0; 32];
        high[0] = 1;
        let texts = [[0; 32], low, high].map(|entropy| encode(SecretKind::ClientSecret, &entropy));
        assert!(texts[0] != texts[1] && texts[1] != texts[2] && texts[0] != texts[2]);
    }
}
