//! What a client says of asking the person (OpenID Connect Core §3.1.2.1).

use crate::people::PROOF_COUNTS;
use std::time::Duration;

/// How fresh the proof is that it asks for.
const JUST_NOW: Duration = Duration::from_mins(1);

/// `prompt`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Prompt {
    /// Nothing may be asked.
    pub(super) is_silent: bool,
    /// The person is to be asked, whatever was allowed before.
    pub(super) asks: bool,
    /// The proof of identity has to be new.
    proves: bool,
}

impl Prompt {
    /// `None` for what there is not, and for `none` beside something else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self { is_silent: true, ..Self::default() });
        }
        text.split(' ').filter(|word| !word.is_empty()).try_fold(Self::default(), |prompt, word| match word {
            "consent" => Some(Self { asks: true, ..prompt }),
            // Whoever proves it anew can do so as somebody else, after signing out.
            "login" | "select_account" => Some(Self { proves: true, ..prompt }),
            _ => None,
        })
    }

    /// How old a proof may be that this asks for, when the page is shown.
    pub(super) fn proof_counts_for(self) -> Option<Duration> {
        self.proves.then_some(JUST_NOW)
    }

    /// How old it may be when the page is answered: whoever reads it has time to.
    pub(super) fn proof_counts_while_read(self) -> Option<Duration> {
        self.proves.then_some(PROOF_COUNTS)
    }
}

#[cfg(test)]
mod tests {
    use super::Prompt;

    #[test]
    fn its_words_add_up_and_none_stands_alone() {
        let asks = Prompt { asks: true, ..Prompt::default() };
        let proves = Prompt { proves: true, ..Prompt::default() };
        for (text, prompt) in [
            ("", Prompt::default()),
            ("none", Prompt { is_silent: true, ..Prompt::default() }),
            ("consent", asks),
            ("login", proves),
            ("select_account", proves),
            ("login consent", Prompt { asks: true, ..proves }),
            ("consent select_account", Prompt { asks: true, ..proves }),
        ] {
            assert_eq!(Prompt::parse(text), Some(prompt), "{text}");
        }
        for text in ["none login", "login none", "LOGIN", "create", "login,consent"] {
            assert_eq!(Prompt::parse(text), None, "{text}");
        }
    }
}
