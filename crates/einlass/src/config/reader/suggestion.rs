//! What somebody may have meant.

/// A word and the nearest of those that are known, if it is near enough to be a typing error.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase().replace('-', "_");
    let distance = |known: &str| strsim::damerau_levenshtein(&word, &known.to_lowercase());
    let distances = known.into_iter().map(|known| (distance(known), known));
    let (distance, known) = distances.min()?;
    // One slip in a short word, three in a long one.
    (distance <= (known.len() / 3).clamp(1, 3)).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn typing_errors_find_what_was_meant() {
        let known = ["address", "hosts", "surfaces", "trusted_proxies"];
        for (word, meant) in [
            ("adress", "address"),
            ("Host", "hosts"),
            ("surfcaes", "surfaces"),
            ("trusted-proxy", "trusted_proxies"),
        ] {
            assert_eq!(nearest(word, known), Some(meant), "{word}");
        }
        assert_eq!(nearest("EINLASS_STORE_ULR", ["EINLASS_STORE_URL"]), Some("EINLASS_STORE_URL"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", []), None);
    }
}
