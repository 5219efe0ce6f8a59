//! The link of a platform that nobody can administer, at the command line. In a browser: `hosts`.

use super::site::{Engine, Site};
use crate::kit::{einlass, text};
use crate::stub::with_input;

#[test]
fn a_platform_that_nobody_can_administer_takes_its_code_once() {
    let site = Site::new(Engine::Sqlite, "");
    let node = site.start();
    let link = node.first_link();
    let claim = || {
        let mut command = einlass();
        command.args(["admin-token", "claim", "--name", "anna"]);
        with_input(command, &format!("{link}\n"))
    };

    let claimed = claim();
    assert!(claimed.status.success(), "{}", text(&claimed.stderr));
    let (_, token) = text(&claimed.stdout).trim_end().rsplit_once("\nEINLASS_ADMIN_TOKEN=").unwrap();
    let mut list = einlass();
    list.args(["admin-token", "list"]).env("EINLASS_URL", &node.url).env("EINLASS_ADMIN_TOKEN", token);
    let listed = list.output().unwrap();
    assert!(text(&listed.stdout).contains("anna"), "{}", text(&listed.stderr));

    let again = claim();
    assert_eq!(again.status.code(), Some(4));
    let (_, code) = link.split_once('#').unwrap();
    assert!(text(&again.stderr).contains("the code is wrong") && !text(&again.stderr).contains(code));
}
