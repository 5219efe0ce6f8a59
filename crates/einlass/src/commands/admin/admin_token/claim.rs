//! The first admin token of a platform, for a one-time link.

use crate::commands::admin::api::Api;
use crate::commands::admin::connection;
use crate::commands::variable;
use crate::failure::Failure;
use crate::output;
use einlass_client::transport::BaseUrl;
use einlass_protocol::secret::Secret;
use serde_json::{Value, json};
use std::io::{self, IsTerminal};

/// Where the link of a first start leads, below the platform's URL.
const PAGE: &str = "/admin/first";

/// Reads a link or a code from standard input, never from an argument: the code is a secret until it is used.
pub(super) async fn run(name: &str) -> Result<Value, Failure> {
    if io::stdin().is_terminal() {
        output::remark("Paste the one-time link that the platform printed, then press Enter:");
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let Invitation { base, code } = Invitation::read(&line).map_err(|Uninvited| no_invitation())?;
    let base = connection::url(variable)?.or(base).ok_or_else(connection::no_url)?;
    let body = json!({ "code": code.expose(), "name": name });
    Api::unopened(base)?.create(&["admin-tokens", "claim"], body).await
}

/// A one-time code, and where it is good, if that was said.
#[derive(Debug)]
struct Invitation {
    base: Option<BaseUrl>,
    code: Secret,
}

/// A text that is no invitation.
#[derive(Debug, Eq, PartialEq)]
struct Uninvited;

impl Invitation {
    /// Reads `<platform's URL>/admin/first#<code>`, or the code alone.
    fn read(text: &str) -> Result<Self, Uninvited> {
        let text = text.trim();
        let (base, code) = match text.split_once('#') {
            Some((link, code)) => {
                let base = link.strip_suffix(PAGE).ok_or(Uninvited)?;
                (Some(base.parse().map_err(|_| Uninvited)?), code)
            }
            None => (None, text),
        };
        let is_code =
            !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_code { Ok(Self { base, code: Secret::new(code.into()) }) } else { Err(Uninvited) }
    }
}

/// What was read is not repeated: it may be a code with a typing error.
fn no_invitation() -> Failure {
    Failure::Usage(format!(
        "standard input has neither a one-time link (https://…{PAGE}#…) nor a code; a platform without a working \
         admin token prints one at its start"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Option<String>, String), Uninvited> {
        let Invitation { base, code } = Invitation::read(text)?;
        Ok((base.map(|base| base.to_string()), code.expose().to_owned()))
    }

    #[test]
    fn a_link_names_the_platform_and_a_code_does_not() {
        let link = read(" https://example.com/einlass/admin/first#ein_ot_x\n").unwrap();
        assert_eq!(link, (Some("https://example.com/einlass".into()), "ein_ot_x".into()));
        assert_eq!(read("ein_ot_x\n").unwrap(), (None, "ein_ot_x".into()));
    }

    #[test]
    fn anything_else_is_no_invitation() {
        let texts = [
            "",
            "\n",
            "two words",
            "https://example.com/admin/first",
            "https://example.com/admin/first#",
            "https://example.com/elsewhere#ein_ot_x",
            "http://example.com/admin/first#ein_ot_x",
        ];
        for text in texts {
            assert_eq!(read(text), Err(Uninvited), "{text:?}");
        }
    }

    #[test]
    fn debug_does_not_show_the_code() {
        let invitation = Invitation::read("https://example.com/admin/first#canary").unwrap();
        assert!(!format!("{invitation:?}").contains("canary"));
    }
}
