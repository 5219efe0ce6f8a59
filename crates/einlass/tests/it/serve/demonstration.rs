//! What `einlass dev` alone has.

use super::site::{Engine, Site};
use crate::kit::{einlass, send, text};

#[test]
fn no_session_token_is_handed_out_without_the_shell() {
    let site = Site::new(Engine::Sqlite, "");
    let node = site.start();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(send("POST", &format!("{}/dev/session-token", node.url), &form, "").0, 404);
    let refused = einlass().args(["token", "--session"]).env("EINLASS_URL", &node.url).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("only `einlass dev` hands one out"), "{}", text(&refused.stderr));
}
