//! Manifests from anybody: whatever they say, they are read or refused, and what is kept of them reads the same again.
//! `PROPTEST_CASES` sets the budget.

use crate::fuzz_documents::{budget, edit, edited};
use crate::manifests::{VERSION_2, VERSION_3};
use einlass_protocol::manifest::{Fault, Imported, Manifest, ManifestVersion};
use proptest::prelude::*;
use serde_json::Value;

/// Whether there is something at a place, as faults name it.
fn is_there(root: &Value, path: &str) -> bool {
    let pieces = path.split(['.', '[']).map(|piece| piece.strip_suffix(']').unwrap_or(piece));
    let mut at = Some(root);
    for piece in pieces {
        at = at.and_then(|value| match value {
            Value::Array(elements) => piece.parse::<usize>().ok().and_then(|number| elements.get(number)),
            value => value.get(piece),
        });
    }
    at.is_some()
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    match Manifest::import(text) {
        Ok(imported) => {
            let Imported { manifest, text: kept, left_out, .. } = &imported;
            prop_assert_eq!(Manifest::read(kept), Ok(manifest.clone()));
            let again = Manifest::import(kept).unwrap();
            prop_assert_eq!((&again.manifest, again.version_read), (manifest, ManifestVersion::V1));
            prop_assert!(left_out.len() <= 100);
        }
        Err(rejected) => {
            prop_assert!(!rejected.0.is_empty(), "a refusal names a fault");
            let root: Value = serde_json::from_str(text).unwrap_or_default();
            for Fault { path, message } in &rejected.0 {
                let is_of_the_whole = path == "manifest" && !is_there(&root, path);
                prop_assert!(
                    is_of_the_whole || message == "is missing" || is_there(&root, path),
                    "{path}: {message}\n{text}"
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(budget())]

    #[test]
    fn arbitrary_text_is_imported_or_refused(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn a_manifest_that_was_tampered_with_is_imported_or_refused(
        good in prop::sample::select(vec![Manifest::EXAMPLE, VERSION_2, VERSION_3]),
        edits in prop::collection::vec(edit(), 1..6),
    ) {
        holds(&edited(good, edits))?;
    }
}

#[test]
fn texts_that_blow_up_are_refused_before_they_do() {
    for text in ["[".repeat(200_000), format!(r#"{{"manifest":{}"#, r#"{"a":"#.repeat(50_000))] {
        assert_eq!(Manifest::import(&text).unwrap_err().0.len(), 1);
    }
    // Spaces would make it a hundred times as long.
    let deep = format!("{}{}{}", "[".repeat(100), "7,".repeat(100_000) + "7", "]".repeat(100));
    let text =
        format!(r#"{{"listing":{{"locales":{deep}}},"manifest":{{"technicalName":"a","version":"1.0.0"}}}}"#);
    let imported = Manifest::import(&text).unwrap();
    assert!(imported.text.len() <= text.len());
}
