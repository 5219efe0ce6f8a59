//! Documents from anybody: whatever they say, reading them ends, soon, and without a panic.
//! `PROPTEST_CASES` sets the budget.

use einlass_protocol::policy::{Document, Policy, RequestPath, Settings, lint};
use proptest::prelude::*;

const GOOD: &str = r##"
openapi: 3.1.0
components:
  securitySchemes: { Wawi: { type: apiKey }, oauth2-application: { type: oauth2 } }
  pathItems: { Shared: { get: { security: [{ Wawi: [items.read] }] } } }
security: [{ Wawi: [] }]
paths:
  /v2/items: { get: { operationId: Items, security: [{ oauth2-application: [], Wawi: [items.read] }] } }
  /v2/items/{id}: { get: {}, delete: { security: [] } }
  /v2/{kind}/report-{id}.pdf: { $ref: "#/components/pathItems/Shared" }
"##;

/// A change to a document's bytes.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize, usize),
    Insert(prop::sample::Index, &'static str),
    /// Puts another value behind one of the colons.
    Value(prop::sample::Index, &'static str),
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>;
    let words = prop::sample::select(vec![
        "{", "}", "[", "]", ":", "/", "~", "$ref", "&a ", "*a", "\u{0}", "!!", "\n", "null",
    ]);
    let values = prop::sample::select(vec!["7", "[]", "{}", "null", "''", "[{}]", "[7]", "{ get: 7 }", "*a"]);
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        (at(), 1..40_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        (at(), 1..40_usize, 1..50_usize).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        (at(), values).prop_map(|(at, value)| Edit::Value(at, value)),
        (at(), words).prop_map(|(at, word)| Edit::Insert(at, word)),
    ]
}

pub(crate) fn edited(text: &str, edits: Vec<Edit>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let at = |index: prop::sample::Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match edit {
            Edit::Replace(index, byte) => {
                let at = at(index, &bytes);
                bytes.splice(at..(at + 1).min(bytes.len()), [byte]);
            }
            Edit::Remove(index, length) => {
                let at = at(index, &bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Repeat(index, length, times) => {
                let at = at(index, &bytes);
                let piece = bytes[at..(at + length).min(bytes.len())].repeat(times);
                bytes.splice(at..at, piece);
            }
            Edit::Value(index, value) => {
                let (begin, end) = value_at(index, &bytes);
                bytes.splice(begin..end, value.bytes());
            }
            Edit::Insert(index, word) => {
                let at = at(index, &bytes);
                bytes.splice(at..at, word.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The place of what follows one of the colons.
fn value_at(index: prop::sample::Index, bytes: &[u8]) -> (usize, usize) {
    let colons: Vec<usize> =
        bytes.windows(2).enumerate().filter(|(_, two)| *two == b": ").map(|(at, _)| at + 2).collect();
    let begin = if colons.is_empty() { bytes.len() } else { colons[index.index(colons.len())] };
    let length = bytes[begin..].iter().position(|byte| b",}]\n".contains(byte));
    (begin, length.map_or(bytes.len(), |length| begin + length))
}

/// Reads a text as a gateway and as a linter would. What can be used is then used.
fn read(text: &str) -> Result<Policy, usize> {
    let document = Document { name: "d", text };
    for finding in lint(&[document], None) {
        assert!(!finding.to_string().is_empty());
    }
    let policy = Policy::compile([document], Settings::default()).map_err(|faults| faults.len())?;
    for path in ["/v2/items", "/v2/items/1", "/a"] {
        let explained = policy.explain("GET", &RequestPath::parse(path).unwrap()).to_string();
        assert!(!explained.is_empty());
    }
    Ok(policy)
}

pub(crate) fn budget() -> ProptestConfig {
    let ordinary = ProptestConfig::default();
    ProptestConfig { cases: 8 * ordinary.cases, ..ordinary }
}

proptest! {
    #![proptest_config(budget())]

    #[test]
    fn arbitrary_text_is_read_or_refused(text in any::<String>()) {
        prop_assert_ne!(read(&text).err(), Some(0), "a refusal names a fault");
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_ne!(read(&String::from_utf8_lossy(&bytes)).err(), Some(0));
    }

    #[test]
    fn a_document_that_was_tampered_with_is_read_or_refused(edits in prop::collection::vec(edit(), 1..8)) {
        prop_assert_ne!(read(&edited(GOOD, edits)).err(), Some(0));
    }
}

#[test]
fn the_document_that_is_tampered_with_is_a_good_one() {
    assert_eq!(read(GOOD).unwrap().operations().count(), 4);
}

/// Each line holds ten of the line before it: a text that would be ten to the ninth as long.
fn alias_bomb() -> String {
    let line = |level: u32| {
        let aliases = vec![format!("*x{}", level - 1); 10].join(", ");
        format!("x{level}: &x{level} [{aliases}]\n")
    };
    let lines = (1..10).map(line).collect::<Vec<_>>().concat();
    format!("openapi: 3.0.0\nx0: &x0 [a, a, a, a, a, a, a, a, a, a]\n{lines}paths: {{}}\n")
}

#[test]
fn texts_that_blow_up_are_refused_before_they_do() {
    let deep = |open: &str, count: usize| format!("openapi: 3.0.0\nx: {}", open.repeat(count));
    for (name, text) in [
        ("aliases", alias_bomb()),
        ("deep YAML lists", deep("[", 100_000)),
        ("deep YAML objects", deep("{a: ", 100_000)),
        ("deep block lists", deep("- ", 100_000)),
        ("deep JSON", format!(r#"{{"openapi": "3.0.0", "x": {}"#, "[".repeat(100_000))),
        ("deep JSON that ends", format!(r#"{{"x": {}{}}}"#, "[".repeat(100_000), "]".repeat(100_000))),
    ] {
        assert!(read(&text).is_err(), "{name}");
    }
}
