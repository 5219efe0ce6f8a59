//! What holds is shown as TOML, and where it comes from.

use super::{Folder, LEAST};

#[test]
fn each_line_says_where_it_comes_from() {
    let folder = Folder::new();
    let (_, effective) = folder.read(LEAST, &[("EINLASS_TOKENS_AUDIENCE", "here")]).unwrap();
    let shown = folder.bare(&effective.to_toml(true));
    for line in [
        "public_url = \"https://api.example.com\"  # einlass.toml:1",
        "[store]\nurl = \"sqlite:einlass.db\"  # default",
        "[keys]\nmaster_key_file = \"master.key\"  # einlass.toml:3",
        "[tokens]\naudience = \"here\"  # EINLASS_TOKENS_AUDIENCE\naccess_lifetime = \"1h\"  # default",
        "token_requests_per_second = 200  # default",
        "[[listener]]\naddress = \"127.0.0.1:8480\"  # einlass.toml:5\n",
        "surfaces = [\"identity\", \"api\", \"hub\", \"partner\", \"admin\"]  # default",
        "hosts = [\"api.example.com\"]  # default",
    ] {
        assert!(format!("\n{shown}").contains(&format!("\n{line}")), "{line}\n--\n{shown}");
    }
    assert!(!effective.to_toml(false).contains('#'));
}

#[test]
fn what_is_shown_means_the_same() {
    let folder = Folder::new();
    let upstream = "[[upstream]]\nprefix = \"/erp\"\nurl = \"https://erp\"\nopenapi = [\"erp.yaml\"]\n\
                    header = \"X-Api-Key\"\nheader_secret_file = \"erp.secret\"\nallow_public = true\n";
    let tls = "[listener.tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n";
    let second = "[[listener]]\naddress = \"[::1]:1\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n";
    let (_, effective) = folder.read(&format!("{LEAST}{tls}{second}{upstream}"), &[]).unwrap();
    let shown = effective.to_toml(false);
    let (_, again) = folder.read(&shown, &[]).unwrap();
    assert_eq!(again.to_toml(false), shown);
}

#[test]
fn secrets_are_shown_as_set() {
    let folder = Folder::new();
    let key = "c0ffee".repeat(10) + "c0fe";
    let url = "postgres://einlass:canary@db/einlass";
    let (config, effective) =
        folder.read(LEAST, &[("EINLASS_KEYS_MASTER_KEY", &key), ("EINLASS_STORE_URL", url)]).unwrap();
    let shown = effective.to_toml(true);
    assert!(shown.contains("[store]\nurl = \"(set)\"  # EINLASS_STORE_URL\n"), "{shown}");
    assert!(shown.contains("[keys]\nmaster_key = \"(set)\"  # EINLASS_KEYS_MASTER_KEY\n"), "{shown}");
    let everything = format!("{shown}{config:?}");
    assert!(!everything.contains("canary") && !everything.contains(&key));
}
