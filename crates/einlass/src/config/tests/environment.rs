//! The environment comes before the file, and secrets come from neither's lines.

use super::{Folder, LEAST};
use std::time::Duration;

#[test]
fn a_variable_comes_before_the_file_and_the_default() {
    let folder = Folder::new();
    let text = format!("{LEAST}[tokens]\naccess_lifetime = \"5m\"\n");
    let variables = [
        ("EINLASS_PUBLIC_URL", "https://other.example.com"),
        ("EINLASS_TOKENS_ACCESS_LIFETIME", "10m"),
        ("EINLASS_TOKENS_AUDIENCE", ""),
        ("EINLASS_LIMITS_CONNECTIONS", "7"),
        // The client's own.
        ("EINLASS_URL", "http://127.0.0.1:1"),
        ("EINLASS_ADMIN_TOKEN", "hush"),
    ];
    let (config, _) = folder.read(&text, &variables).unwrap();
    assert_eq!(config.public_url.to_string(), "https://other.example.com");
    assert_eq!(config.tokens.access_lifetime, Duration::from_mins(10));
    assert_eq!(config.tokens.audience, "einlass-platform");
    assert_eq!(config.limits.connections.unwrap().get(), 7);
}

#[test]
fn a_fault_of_a_variable_names_the_variable() {
    let variables = [("EINLASS_LIMITS_CONNECTIONS", "many"), ("EINLASS_LOG_FORMAT", "xml")];
    let faults = Folder::new().faults(LEAST, &variables);
    assert_eq!(
        faults,
        [
            "EINLASS_LIMITS_CONNECTIONS: must be a whole number from 1 to 4294967295",
            "EINLASS_LOG_FORMAT: must be \"text\" or \"json\"",
        ]
    );
}

#[test]
fn a_secret_comes_from_the_environment_or_a_file() {
    let folder = Folder::new();
    let without = LEAST.replace("[keys]\nmaster_key_file = \"master.key\"\n", "");
    let key = "0f".repeat(32);
    for variable in [("EINLASS_KEYS_MASTER_KEY", &*key), ("EINLASS_KEYS_MASTER_KEY_FILE", "master.key")] {
        assert!(folder.read(&without, &[variable]).is_ok(), "{variable:?}");
        assert!(folder.read(LEAST, &[variable]).is_ok(), "{variable:?}");
    }
    let url = ("EINLASS_STORE_URL", "postgres://einlass:canary@db/einlass");
    let (config, _) = folder.read(&format!("{LEAST}[store]\nurl_file = \"nowhere\"\n"), &[url]).unwrap();
    assert_eq!(config.store.url.expose(), url.1);
}

#[test]
fn a_secret_in_the_file_is_a_fault_that_does_not_repeat_it() {
    let folder = Folder::new();
    let canary = "c0ffee".repeat(10) + "c0fe";
    let text = LEAST.replace("master_key_file = \"master.key\"", &format!("master_key = \"{canary}\""));
    let text = format!("{text}[store]\nurl = \"postgres://einlass:{canary}@db/einlass\"\n");
    // Neither does it become right by a variable that comes before it: the file gets committed nevertheless.
    let faults = folder.faults(&text, &[("EINLASS_STORE_URL", "sqlite:a.db")]);
    assert_eq!(
        faults,
        [
            "einlass.toml:3: keys.master_key: a secret does not belong in this file; put it into a file and name that \
             in master_key_file, or set EINLASS_KEYS_MASTER_KEY",
            "einlass.toml:7: store.url: a secret does not belong in this file; put it into a file and name that in \
             url_file, or set EINLASS_STORE_URL",
        ]
    );
}

#[test]
fn a_secret_and_its_twin_are_a_fault() {
    let folder = Folder::new();
    let variables = [("EINLASS_KEYS_MASTER_KEY", "canary"), ("EINLASS_KEYS_MASTER_KEY_FILE", "master.key")];
    let both = "EINLASS_KEYS_MASTER_KEY: EINLASS_KEYS_MASTER_KEY_FILE is set too; unset one of them";
    assert_eq!(folder.faults(LEAST, &variables), [both]);
    let text = format!("{LEAST}[store]\nurl = \"sqlite:a.db\"\nurl_file = \"store.url\"\n");
    assert_eq!(
        folder.faults(&text, &[]),
        ["einlass.toml:8: store.url_file: url is there too; keep one of them"]
    );
}

#[test]
fn an_unusable_secret_is_not_repeated() {
    let folder = Folder::new();
    let variable = ("EINLASS_KEYS_MASTER_KEY", "canary");
    let faults = folder.faults(LEAST, &[variable]);
    assert!(
        faults[0].starts_with("EINLASS_KEYS_MASTER_KEY: not a master key: ") && faults.len() == 1,
        "{faults:?}"
    );
    folder.write("master.key", "canary");
    let faults = folder.faults(LEAST, &[]);
    assert!(faults[0].starts_with("einlass.toml:3: keys.master_key_file: not a master key: "), "{faults:?}");
    folder.write("master.key", "\n");
    assert_eq!(folder.faults(LEAST, &[]), ["einlass.toml:3: keys.master_key_file: master.key is empty"]);
    assert!(!faults.concat().contains("canary"));
}
