//! Private keys at rest: sealed with AES-256-GCM under the master key, bound to their `kid`.

use crate::random::Random;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// What everything secret in the store is sealed under. It comes from outside the store.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes 256 bits into custody.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Seals a private key for storage, in base64url. `kid` is bound to it and not hidden.
    pub(super) fn seal(&self, kid: &str, clear: &[u8], random: &dyn Random) -> Result<String, Unspecified> {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = clear.to_vec();
        let aad = Aad::from(kid.as_bytes());
        self.key()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what [`Self::seal`] sealed under the same master key for the same `kid`.
    pub(super) fn open(&self, kid: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unspecified)?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(Unspecified)?;
        let mut clear = Zeroizing::new(ciphertext.to_vec());
        let aad = Aad::from(kid.as_bytes());
        let length = self.key()?.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut clear)?.len();
        clear.truncate(length);
        Ok(clear)
    }

    /// 256 bits for one use, which say nothing of those for any other or of this key (HKDF-Expand, RFC 5869 §2.3: the master
    /// key is uniform already). `purpose` holds no zero byte, so that no purpose and `of` are another's.
    pub(crate) fn derive(&self, purpose: &str, of: &[u8]) -> Result<Zeroizing<[u8; 32]>, Unspecified> {
        let mut derived = Zeroizing::new([0; 32]);
        let key = Prk::new_less_safe(HKDF_SHA256, &*self.0);
        key.expand(&[purpose.as_bytes(), &[0], of], HKDF_SHA256)?.fill(&mut *derived)?;
        Ok(derived)
    }

    fn key(&self) -> Result<LessSafeKey, Unspecified> {
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &*self.0)?))
    }
}

/// A text that is no master key. It does not say which.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a master key: it is 64 hexadecimal digits, or 32 bytes in base64")]
pub struct InvalidMasterKey;

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    /// Reads 64 hexadecimal digits or 32 bytes in base64 of either alphabet.
    fn from_str(text: &str) -> Result<Self, InvalidMasterKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        if text.len() == 2 * bytes.len() {
            for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                *byte = nibble(digits[0])? << 4 | nibble(digits[1])?;
            }
            return Ok(Self(bytes));
        }
        let text = Zeroizing::new(text.trim_end_matches('=').replace('+', "-").replace('/', "_"));
        // The decoder asks for room before it knows that the last group is short.
        let mut room = Zeroizing::new([0; 33]);
        match URL_SAFE_NO_PAD.decode_slice(&*text, &mut *room) {
            Ok(32) => bytes.copy_from_slice(&room[..32]),
            _ => return Err(InvalidMasterKey),
        }
        Ok(Self(bytes))
    }
}

fn nibble(digit: u8) -> Result<u8, InvalidMasterKey> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(InvalidMasterKey)
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[master key]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn only_the_same_master_key_and_kid_open_a_seal() {
        let master = MasterKey::new([7; 32]);
        let sealed = master.seal("kid", b"private", &OsRandom).unwrap();
        assert_eq!(*master.open("kid", &sealed).unwrap(), b"private");
        assert!(master.open("other", &sealed).is_err());
        assert!(MasterKey::new([8; 32]).open("kid", &sealed).is_err());
        assert!(master.open("kid", &sealed[2..]).is_err());
        assert!(master.open("kid", "").is_err());
        assert_ne!(sealed, master.seal("kid", b"private", &OsRandom).unwrap());
    }

    #[test]
    fn what_is_derived_is_another_for_each_purpose_and_subject() {
        let master = MasterKey::new([7; 32]);
        let derive = |purpose, of: &str| *master.derive(purpose, of.as_bytes()).unwrap();
        assert_eq!(derive("a", "b"), derive("a", "b"));
        let others = [
            derive("a", "c"),
            derive("ab", ""),
            derive("", "ab"),
            *MasterKey::new([8; 32]).derive("a", b"b").unwrap(),
        ];
        for other in others {
            assert_ne!(derive("a", "b"), other);
        }
    }

    #[test]
    fn a_master_key_is_read_from_hexadecimal_and_base64() {
        let hex = format!("{}Ff", "fF".repeat(31));
        let (padded, bare) = (format!("{}8=", "/".repeat(42)), format!("{}8", "_".repeat(42)));
        for text in [&*hex, &padded, &bare] {
            assert_eq!(*text.parse::<MasterKey>().unwrap().0, [255; 32], "{text}");
        }
        let short = "a".repeat(63);
        let long = "_".repeat(44);
        for text in ["", "hush", &short, &long, &"g".repeat(64), &"ä".repeat(32), &"_".repeat(43)] {
            assert_eq!(text.parse::<MasterKey>().unwrap_err(), InvalidMasterKey, "{text}");
        }
    }
}
