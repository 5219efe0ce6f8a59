//! The languages that people are spoken to in.

/// The languages that people are spoken to in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Language {
    /// Unless English is preferred.
    #[default]
    German,
    /// For who prefers it.
    English,
}

impl Language {
    /// What an `Accept-Language` asks for (RFC 9110 §12.5.4): German, unless English is preferred to it.
    #[must_use]
    pub fn of(accepted: Option<&str>) -> Self {
        let ranges = accepted.unwrap_or_default().split(',').filter_map(weighted);
        let best = |wanted: &str| {
            let fitting = ranges.clone().filter(|(range, _)| {
                let primary = range.split('-').next().unwrap_or_default();
                primary.eq_ignore_ascii_case(wanted)
            });
            fitting.map(|(_, weight)| weight).max().unwrap_or_default()
        };
        if best("en") > best("de") { Self::English } else { Self::German }
    }
}

impl Language {
    /// How BCP 47 names it, for `lang` and `hreflang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }

    /// The language of exactly this name.
    #[must_use]
    pub fn tagged(tag: &str) -> Option<Self> {
        [Self::German, Self::English].into_iter().find(|language| language.tag() == tag)
    }
}

/// A language range and its weight in thousandths. One that cannot be read counts for nothing.
fn weighted(range: &str) -> Option<(&str, u32)> {
    let (name, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
    let is_weight = (0.0..=1.0).contains(&weight);
    // Between 0 and 1000, so the cast loses nothing that counts.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 0 to 1")]
    is_weight.then_some((name.trim(), (weight * 1000.0) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_is_spoken_unless_english_is_preferred() {
        for english in ["en", "EN-us", "en;q=0.9,de;q=0.1", "fr, en;q=0.5"] {
            assert_eq!(Language::of(Some(english)), Language::English, "{english}");
        }
        for german in ["", "de", "fr", "*", "de, en", "en;q=0.5, de;q=0.9", "en;q=x", "en;q=0", "english"] {
            assert_eq!(Language::of(Some(german)), Language::German, "{german}");
        }
        assert_eq!(Language::of(None), Language::German);
    }
}
