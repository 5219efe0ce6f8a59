//! Keys as files, for servers that want them so.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use einlass_protocol::jose::Algorithm;
use serde_json::Value;

/// A new private key.
pub(super) fn private_pem(algorithm: Algorithm) -> String {
    let der = match algorithm {
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
            let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
            der.as_ref().to_vec()
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::generate().unwrap();
            let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
            der.as_ref().to_vec()
        }
    };
    pem("PRIVATE KEY", &der)
}

/// A public RSA key that is a JWK.
pub(super) fn public_pem(jwk: &Value) -> String {
    let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let components = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let der: PublicKeyX509Der<'_> = components.as_der().unwrap();
    pem("PUBLIC KEY", der.as_ref())
}

/// RFC 7468 §2.
fn pem(label: &str, der: &[u8]) -> String {
    let lines: Vec<String> = STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
