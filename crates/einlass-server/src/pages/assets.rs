//! Style, icon and scripts: named after what is in them, so that they can be kept for ever.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

const STYLE_TEXT: &str = include_str!("../../assets/style.css");
const SCRIPT_TEXT: &str = include_str!("../../assets/passkey.js");
const FIRST_TEXT: &str = include_str!("../../assets/first.js");
const SHELL_TEXT: &str = include_str!("../../assets/shell.js");
const PORTAL_TEXT: &str = include_str!("../../assets/portal.js");
const ICON_TEXT: &str = include_str!("../../assets/icon.svg");

/// Where they are. A test holds that the names change with what is in them.
pub(super) const STYLE: &str = "/assets/style-798d5d86a735e9c7.css";
pub(super) const SCRIPT: &str = "/assets/passkey-d9fdeff34ca29576.js";
pub(super) const FIRST: &str = "/assets/first-629c794b63c21097.js";
pub(super) const SHELL: &str = "/assets/shell-fd0e5cb684f5b634.js";
pub(super) const PORTAL: &str = "/assets/portal-d000a3b198add867.js";
pub(super) const ICON: &str = "/assets/icon-91853a8ef190fcb4.svg";

pub(super) async fn style() -> Response {
    kept("text/css; charset=utf-8", STYLE_TEXT)
}

pub(super) async fn icon() -> Response {
    kept("image/svg+xml", ICON_TEXT)
}

pub(super) async fn script() -> Response {
    kept("text/javascript; charset=utf-8", SCRIPT_TEXT)
}

pub(super) async fn first() -> Response {
    kept("text/javascript; charset=utf-8", FIRST_TEXT)
}

pub(super) async fn shell() -> Response {
    kept("text/javascript; charset=utf-8", SHELL_TEXT)
}

pub(super) async fn portal() -> Response {
    kept("text/javascript; charset=utf-8", PORTAL_TEXT)
}

fn kept(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::digest::{SHA256, digest};
    use std::fmt::Write as _;

    #[test]
    fn a_name_changes_with_what_is_in_it() {
        for (name, text) in [
            (STYLE, STYLE_TEXT),
            (ICON, ICON_TEXT),
            (SCRIPT, SCRIPT_TEXT),
            (FIRST, FIRST_TEXT),
            (PORTAL, PORTAL_TEXT),
            (SHELL, SHELL_TEXT),
        ] {
            let mut sum = String::new();
            for byte in &digest(&SHA256, text.as_bytes()).as_ref()[..8] {
                write!(sum, "{byte:02x}").unwrap();
            }
            assert!(name.contains(&sum), "{name} should hold {sum}");
        }
    }
}
