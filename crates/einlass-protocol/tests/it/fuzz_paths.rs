//! Paths from anybody: a path that is accepted has one reading, and every other one is refused without a panic.
//! `PROPTEST_CASES` sets the budget.

use einlass_protocol::policy::RequestPath;
use proptest::prelude::*;

/// What paths that mean to deceive are made of.
fn piece() -> impl Strategy<Value = String> {
    let special = [
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5c",
        "\\",
        ";",
        "%3b",
        "%",
        "%25",
        "%252f",
        "%00",
        "%c0%af",
        "%e2%84%aa",
        "\u{212a}",
        "\u{ff0f}",
        "%ef%bc%8f",
        "%7f",
        " ",
        "+",
        "?",
        "#",
        "@",
        ":",
        "~",
        "v2",
        "Items",
    ];
    prop_oneof![
        3 => prop::sample::select(special.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => any::<u8>().prop_map(|byte| format!("%{byte:02x}")),
        1 => "[a-zA-Z0-9%/.]{0,6}",
    ]
}

fn budget() -> ProptestConfig {
    let ordinary = ProptestConfig::default();
    ProptestConfig { cases: 32 * ordinary.cases, ..ordinary }
}

fn check(raw: &str) -> Result<(), TestCaseError> {
    let Ok(path) = RequestPath::parse(raw) else { return Ok(()) };
    prop_assert!(raw.starts_with('/'));
    let canonical = path.canonical();
    let again = RequestPath::parse(canonical);
    prop_assert_eq!(again.as_ref(), Ok(&path), "a fixed point: {} from {}", canonical, raw);
    prop_assert!(canonical.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\;?#\"<>".contains(&byte)));
    prop_assert_eq!(canonical.matches('/').count(), path.segments().count());
    for segment in path.segments() {
        prop_assert!(!segment.is_empty() && segment != "." && segment != "..", "{}", raw);
        prop_assert!(!segment.contains(['/', '\\', ';']) && !segment.contains(char::is_control), "{}", raw);
    }
    Ok(())
}

proptest! {
    #![proptest_config(budget())]

    #[test]
    fn a_path_made_of_traps_has_one_reading_or_none(pieces in prop::collection::vec(piece(), 0..8)) {
        check(&format!("/{}", pieces.concat()))?;
    }

    #[test]
    fn an_arbitrary_text_has_one_reading_or_none(text in any::<String>()) {
        check(&text)?;
        check(&format!("/{text}"))?;
    }
}
