//! What an error says, in both languages, where the platform and its gateway say the same.

use super::{ErrorList, Language, Party};

/// An error in words.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// For programs, as `VAL100`.
    pub code: &'static str,
    /// For people.
    pub german: &'static str,
    /// The same in English.
    pub english: &'static str,
}

impl Said {
    /// The words in this language.
    #[must_use]
    pub const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::German => self.german,
            Language::English => self.english,
        }
    }

    /// The body that says it.
    #[must_use]
    pub fn body(self, language: Language) -> ErrorList {
        ErrorList::one(self.code, self.in_language(language), None)
    }
}

/// The path can be read in two ways.
pub const AMBIGUOUS_PATH: Said = Said {
    code: "VAL100",
    german: "Der Pfad ist nicht eindeutig.",
    english: "The path can be read in two ways.",
};
/// Nobody has such a path.
pub const NO_SUCH_PATH: Said =
    Said { code: "VAL100", german: "Diesen Pfad gibt es nicht.", english: "There is no such path." };
/// The path has other methods.
pub const NO_SUCH_METHOD: Said = Said {
    code: "VAL100",
    german: "Diese Methode gibt es hier nicht.",
    english: "There is no such method here.",
};
/// No token, or none that counts.
pub const NO_TOKEN: Said = Said {
    code: "ATH000",
    german: "Der authToken fehlt oder ist ungültig. Tauschen Sie den Refresh-Token erneut.",
    english: "The authToken is missing or invalid. Exchange the refresh token again.",
};
/// The token is good, and not for this.
pub const NOT_YOURS: Said = Said {
    code: "ATH102",
    german: "Der authToken ist gültig, aber nicht für diesen Pfad.",
    english: "The authToken is valid, but not for this path.",
};
/// The minute is used up.
pub const TOO_MANY: Said = Said {
    code: "LIM100",
    german: "Zu viele Anfragen. Retry-After sagt, wann die nächste angenommen wird.",
    english: "Too many requests. Retry-After says when the next one is accepted.",
};
/// It cannot be judged or done now.
pub const BUSY: Said = Said {
    code: "SYS100",
    german: "Gerade überlastet. Bitte gleich noch einmal.",
    english: "Busy. Please try again soon.",
};

impl Party {
    /// What helps who called the other one's part with this token.
    #[must_use]
    pub const fn hint(&self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Channel(_), Language::German) => {
                "Dieser Pfad gehört dem Verkäufer: Tauschen Sie einen Refresh-Token SELLER:… und senden Sie dessen authToken."
            }
            (Self::Channel(_), Language::English) => {
                "This path is the seller's: exchange a refresh token SELLER:… and send its authToken."
            }
            (Self::Seller { .. }, Language::German) => {
                "Dieser Pfad gehört dem Kanal: Tauschen Sie einen Refresh-Token CHAN:… und senden Sie dessen authToken."
            }
            (Self::Seller { .. }, Language::English) => {
                "This path is the channel's: exchange a refresh token CHAN:… and send its authToken."
            }
        }
    }
}
