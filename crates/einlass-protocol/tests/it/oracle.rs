//! Whatever the strict verifier accepts, an independent library accepts too: random damage to good tokens
//! must never make us the more trusting one.

use crate::forge::{KEYS, NOW, claims, header, token};
use einlass_protocol::jose::AccessVerifier;
use einlass_protocol::time::UnixTime;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use proptest::prelude::*;
use serde_json::Value;

fn oracle_accepts(token: &str) -> bool {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["platform"]);
    validation.set_issuer(&["https://issuer"]);
    validation.validate_exp = false;
    let jwk = KEYS.rsa_jwk();
    let key = DecodingKey::from_rsa_components(&jwk.n.unwrap(), &jwk.e.unwrap()).unwrap();
    jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_makes_a_token_acceptable(position in 0_usize..600, byte in proptest::char::range(' ', '~')) {
        let good = token(&header().to_string(), &claims().to_string(), |message| KEYS.rs256(message));
        prop_assert!(oracle_accepts(&good));
        let mut damaged: Vec<char> = good.chars().collect();
        let place = position % damaged.len();
        prop_assume!(damaged[place] != byte);
        damaged[place] = byte;
        let damaged: String = damaged.into_iter().collect();
        let verifier = AccessVerifier::new("https://issuer", "platform");
        let ours = verifier.verify(&damaged, &KEYS.set(), UnixTime::from_seconds(NOW));
        prop_assert!(ours.is_err());
    }

    #[test]
    fn what_we_accept_the_oracle_accepts(extra in "[a-z]{1,8}", value in any::<i64>(), later in 1_i64..100_000) {
        let mut claims = claims();
        claims[extra.as_str()] = value.into();
        claims["exp"] = (NOW + later).into();
        let made = token(&header().to_string(), &claims.to_string(), |message| KEYS.rs256(message));
        let verifier = AccessVerifier::new("https://issuer", "platform");
        if verifier.verify(&made, &KEYS.set(), UnixTime::from_seconds(NOW)).is_ok() {
            prop_assert!(oracle_accepts(&made));
        }
    }
}
