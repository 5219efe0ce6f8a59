//! What is no fault and yet hardly meant.

use super::{Folder, LEAST};
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;

fn remarks(folder: &Folder, text: &str, variables: &[(&str, &str)], set: &[&str]) -> Vec<String> {
    let (_, effective) = folder.read(text, variables).unwrap();
    let lines = effective.remarks(set.iter().map(|&name| name.to_owned()));
    lines.iter().map(|line| folder.bare(line)).collect()
}

fn allow(folder: &Folder, name: &str, mode: u32) {
    set_permissions(folder.0.path().join(name), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn secrets_that_everybody_may_read() {
    let folder = Folder::new();
    let text = format!("{LEAST}[listener.tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n");
    for mode in [0o600, 0o640] {
        allow(&folder, "master.key", mode);
        allow(&folder, "tls.key", mode);
        assert_eq!(remarks(&folder, &text, &[], &[]), [""; 0], "{mode:o}");
    }
    allow(&folder, "master.key", 0o644);
    allow(&folder, "tls.key", 0o604);
    let expected = [
        "einlass.toml:3: keys.master_key_file: everybody on this machine may read master.key; chmod o= master.key",
        "einlass.toml:8: listener.tls.key: everybody on this machine may read tls.key; chmod o= tls.key",
    ];
    assert_eq!(remarks(&folder, &text, &[], &[]), expected);
    let variable = ("EINLASS_KEYS_MASTER_KEY_FILE", "master.key");
    let said = remarks(&folder, LEAST, &[variable], &[variable.0]);
    assert!(said[0].starts_with("EINLASS_KEYS_MASTER_KEY_FILE: everybody ") && said.len() == 1, "{said:?}");
}

#[test]
fn variables_that_nothing_heeds() {
    let folder = Folder::new();
    allow(&folder, "master.key", 0o600);
    let set = [
        "EINLASS_STORE_ULR",
        "EINLASS_STORE_URL",
        "EINLASS_STORE_URL_FILE",
        "EINLASS_LIMITS_CONNECTIONS",
        "EINLASS_ADMIN_TOKEN_FILE",
        "EINLASS_SOMETHING_ELSE_ALTOGETHER",
        "PATH",
    ];
    let expected = [
        "EINLASS_STORE_ULR: nothing heeds it; did you mean EINLASS_STORE_URL?",
        "EINLASS_SOMETHING_ELSE_ALTOGETHER: nothing heeds it",
    ];
    assert_eq!(remarks(&folder, LEAST, &[], &set), expected);
}
