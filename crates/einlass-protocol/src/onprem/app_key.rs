//! The public key of an app, and what it says of a signature.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How keys of each kind name themselves (RFC 3279 §2.3, RFC 5480 §2.1.1, RFC 8410 §3), and how they verify.
const KINDS: [(&[u8], &dyn VerificationAlgorithm); 3] = [
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", &RSA_PKCS1_2048_8192_SHA256),
    (b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", &ECDSA_P256_SHA256_ASN1),
    (b"\x06\x03\x2b\x65\x70", &ED25519),
];
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
const MOST_BYTES: usize = 4096;

/// A public key: RSA of 2048 bits and more, P-256, or Ed25519. Which of these decides how it verifies, and never what was
/// signed.
#[derive(Clone)]
pub struct AppKey {
    pem: String,
    der: Vec<u8>,
    kind: &'static dyn VerificationAlgorithm,
}

/// A text that is no such key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a PEM `PUBLIC KEY` of RSA, P-256 or Ed25519")]
pub struct InvalidAppKey;

impl AppKey {
    /// Reads a PEM file with one `PUBLIC KEY` (RFC 7468 §13).
    ///
    /// # Errors
    /// When it is something else, or a key of another kind.
    pub fn parse(pem: &str) -> Result<Self, InvalidAppKey> {
        let body = pem.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
        let body: String = body.ok_or(InvalidAppKey)?.split_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| InvalidAppKey)?;
        let names = |(name, _): &&(&[u8], _)| der.windows(name.len()).take(24).any(|part| part == *name);
        let (_, kind) = KINDS.iter().find(names).filter(|_| der.len() <= MOST_BYTES).ok_or(InvalidAppKey)?;
        Ok(Self { pem: pem.trim().to_owned() + "\n", kind: *kind, der })
    }

    /// As it was given.
    #[must_use]
    pub fn to_pem(&self) -> &str {
        &self.pem
    }

    /// Whether a signature (base64) is this key's, over these words.
    #[must_use]
    pub fn has_signed(&self, words: &str, signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
        UnparsedPublicKey::new(self.kind, &self.der).verify(words.as_bytes(), &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    };

    fn pem(der: &[u8]) -> String {
        format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(der))
    }

    fn holds(der: &[u8], signature: &[u8]) {
        let key = AppKey::parse(&pem(der)).unwrap();
        let signature = STANDARD.encode(signature);
        assert!(key.has_signed("parcels/v1.now", &signature));
        assert!(!key.has_signed("parcels/v2.now", &signature));
        assert!(!key.has_signed("parcels/v1.now", "AAAA") && !key.has_signed("parcels/v1.now", "?"));
    }

    #[test]
    fn each_kind_of_key_knows_its_own_signatures() {
        let (random, words) = (SystemRandom::new(), b"parcels/v1.now");
        let ed = Ed25519KeyPair::generate().unwrap();
        let der: PublicKeyX509Der<'_> = ed.public_key().as_der().unwrap();
        holds(der.as_ref(), ed.sign(words).as_ref());
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let der: PublicKeyX509Der<'_> = ec.public_key().as_der().unwrap();
        holds(der.as_ref(), ec.sign(&random, words).unwrap().as_ref());
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: PublicKeyX509Der<'_> = rsa.public_key().as_der().unwrap();
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(&RSA_PKCS1_SHA256, &random, words, &mut signature).unwrap();
        holds(der.as_ref(), &signature);
    }

    #[test]
    fn what_is_no_key_is_none() {
        for text in ["", "x", &pem(b""), &pem(b"\x30\x03\x02\x01\x01"), &pem(&[b'a'; 5000]), BEGIN] {
            assert!(AppKey::parse(text).is_err(), "{text}");
        }
    }
}
