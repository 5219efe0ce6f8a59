//! Whatever a file holds, it is read or refused.

use super::{Folder, LEAST};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        let _ = Folder::bare_of_certificates().faults(&text, &[]);
    }

    /// Nearly a configuration: what is said in places where something else belongs.
    #[test]
    fn no_configuration_is_too_odd(
        lines in proptest::collection::vec((0_usize..12, "[a-z_.\\[\\]=\"{},0-9 \u{e4}]{0,12}"), 0..12),
        value in "\\PC{0,24}",
    ) {
        let keys = [
            "public_url", "[store]", "url", "[keys]", "master_key_file", "[[listener]]", "address", "surfaces",
            "[[upstream]]", "prefix", "openapi", "[tokens]",
        ];
        let mut text = String::from(LEAST);
        for (key, rest) in lines {
            text.push_str(keys[key]);
            text.push_str(&rest);
            text.push('\n');
        }
        let variable = [("EINLASS_STORE_URL", &*value), ("EINLASS_PUBLIC_URL", &*value)];
        for fault in Folder::bare_of_certificates().faults(&text, &variable) {
            prop_assert!(fault.starts_with("einlass.toml:") || fault.starts_with("EINLASS_"), "{fault}");
        }
    }
}
