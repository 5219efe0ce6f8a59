//! Everything that is wrong is found at once, where it is.

use super::{Folder, LEAST};

#[test]
fn five_faults_are_five_lines() {
    let text = r#"public_url = "http://api.example.com"

[store]
ulr = "sqlite:einlass.db"

[keys]
master_key_file = "nowhere.key"

[tokens]
access_lifetime = "25h"

[[listener]]
address = "0.0.0.0:443"
surfaces = ["identity"]
"#;
    assert_eq!(
        Folder::new().faults(text, &[]),
        [
            "einlass.toml:1: public_url: http is for loopback alone; write https",
            "einlass.toml:4: store.ulr: unknown; did you mean url?",
            "einlass.toml:7: keys.master_key_file: nowhere.key cannot be read: No such file or directory (os error 2)",
            "einlass.toml:10: tokens.access_lifetime: must be from 1s to 24h",
            "einlass.toml:13: listener.address: plain HTTP is for loopback alone; add [listener.tls], or name in \
             trusted_proxies who ends TLS in front of it",
        ]
    );
}

#[test]
fn nothing_at_all_says_what_is_needed() {
    let faults = Folder::new().faults("", &[]);
    let expected =
        ["keys.master_key_file: missing; `einlass key", "listener: missing; ", "public_url: missing; "];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(&format!("einlass.toml: {expected}")), "{fault}");
    }
}

#[test]
fn faults_of_the_syntax_come_alone_and_all_of_them() {
    let faults = Folder::new().faults("public_url = \n[store]\nurl = 'a\n[keys]\nx = 1\nx = 2\n", &[]);
    let lines: Vec<_> = faults.iter().map(|fault| fault.split(':').nth(1).unwrap()).collect();
    assert_eq!(lines, ["1", "3", "6"], "{faults:#?}");
}

/// One fault each: what is added to the least configuration, the line behind it in which the fault is, and how its
/// text begins.
#[test]
fn each_fault_is_named_where_it_is() {
    let tls = "[listener.tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n";
    let upstream = "[[upstream]]\nprefix = \"/erp\"\nurl = \"https://erp\"\nopenapi = [\"erp.yaml\"]\n";
    let more = |more: &str| format!("{upstream}{more}\n");
    let listener = |more: &str| format!("[[listener]]\naddress = \"0.0.0.0:1\"\n{more}");
    let table = [
        ("[stroe]\n".into(), 1, "stroe: unknown; did you mean store?"),
        ("[limits]\nconnections = \"many\"\n".into(), 2, "limits.connections: must be a whole number; "),
        ("[limits]\nconnections = 0\n".into(), 2, "limits.connections: must be a whole number from 1 "),
        ("[limits]\nconnections = -1\n".into(), 2, "limits.connections: must be a whole number from 1 "),
        (
            "[limits]\nfailures_per_minute = 99999999999999999999\n".into(),
            2,
            "limits.failures_per_minute: must be",
        ),
        ("[tokens]\naudience = 7\n".into(), 2, "tokens.audience: must be a text; "),
        ("[tokens]\naudience = \"https://a\"\n".into(), 2, "tokens.audience: must be a name and no URL"),
        ("[tokens]\naccess_lifetime = \"1 h\"\n".into(), 2, "tokens.access_lifetime: not a span of time"),
        ("[store]\nurl = \"mysql://db\"\n".into(), 2, "store.url: must be sqlite: and a path, or postgres:"),
        ("[store]\nurl = \"sqlite::memory:\"\n".into(), 2, "store.url: must name a file"),
        ("[store]\nurl = \"sqlite:no/where.db\"\n".into(), 2, "store.url: no is not a folder; "),
        (
            "[store]\nurl = \"postgres://db/e?sslpasswort=canary\"\n".into(),
            2,
            "store.url: has a parameter that is not known; there are application_name, ",
        ),
        ("[log]\nformat = \"xml\"\n".into(), 2, "log.format: must be \"text\" or \"json\""),
        ("[log]\nfilter = \"a=b=c\"\n".into(), 2, "log.filter: must be a level or a filter; "),
        ("[listener.more]\n".into(), 1, "listener.more: unknown; known here are address, surfaces, hosts"),
        ("tls = 1\n".into(), 1, "listener.tls: must be a table; begin it with [listener.tls]"),
        ("surfaces = []\n".into(), 1, "listener.surfaces: must not be empty"),
        ("surfaces = \"api\"\n".into(), 1, "listener.surfaces: must be a list; "),
        ("surfaces = [\n  \"api\",\n  \"apis\",\n]\n".into(), 3, "listener.surfaces: must be \"identity\", "),
        ("hosts = [\"a:80\"]\n".into(), 1, "listener.hosts: must be a host name or an IP address"),
        ("trusted_proxies = [\"0.0.0.0/0\"]\n".into(), 1, "listener.trusted_proxies: must not be everybody"),
        (
            listener(tls).replace("0.0.0.0:1", "[::]:8480"),
            2,
            "listener.address: another listener has 127.0.0.1:8480",
        ),
        (listener(tls).replace("tls.key", "ca.key"), 4, "listener.tls.certificate: tls.pem: "),
        (listener("[listener.tls]\ncertificate = \"tls.pem\"\n"), 3, "listener.tls.key: missing; "),
        (
            listener("surfaces = [\"management\", \"api\"]\n"),
            2,
            "listener.address: plain HTTP is for loopback alone",
        ),
        (more("allow_public = \"yes\""), 5, "upstream.allow_public: must be true or false"),
        (more("mode = \"off\""), 5, "upstream.mode: must be \"enforce\" or \"report\""),
        (more("client_key = \"client.key\""), 5, "upstream.client_key: needs client_certificate beside it"),
        (more("authority = \"client.key\""), 5, "upstream.authority: client.key: "),
        (more("authority = \".\""), 5, "upstream.authority: "),
        (
            more("header_secret_file = \"erp.secret\""),
            5,
            "upstream.header_secret_file: needs header beside it",
        ),
        (
            more("header_secret = \"canary\""),
            5,
            "upstream.header_secret: a secret does not belong in this file",
        ),
        (
            more("[upstream.timeouts]\nconnect = \"0s\""),
            6,
            "upstream.timeouts.connect: must be from 1s to 5m",
        ),
        (
            upstream.replace("https", "http") + "authority = \"erp-ca.pem\"\n",
            5,
            "upstream.authority: is for an ",
        ),
        (upstream.replace("/erp\"", "/admin/x\""), 2, "upstream.prefix: belongs to the platform itself"),
        (upstream.replace("https://", ""), 3, "upstream.url: an upstream is `http://` or `https://`"),
        (upstream.replace("erp.yaml", "erp.json"), 4, "upstream.openapi: erp.json cannot be read: "),
        (upstream.replace("erp.yaml", "tls.pem"), 4, "upstream.openapi: tls.pem"),
        (upstream.replace("openapi", "opeanpi"), 4, "upstream.opeanpi: unknown; did you mean openapi?"),
        (
            more(&upstream.replace("/erp\"", "/erp/v2\"")),
            6,
            "upstream.prefix: lies within another upstream's",
        ),
        (format!("surfaces = [\"admin\"]\n{upstream}"), 2, "upstream: no listener serves it; "),
        ("[keys]\n".into(), 1, ""),
    ];
    each_is_found(&table);
}

#[test]
fn each_fault_of_an_erp_on_premise_is_named_where_it_is() {
    let onprem = |more: &str| format!("surfaces = [\"onprem\"]\n[[onprem]]\n{more}");
    let erp = "url = \"http://erp\"\nopenapi = [\"erp.yaml\"]\n";
    let table = [
        (onprem(erp), 2, "onprem.database: missing; say what its paths call it"),
        (onprem(&format!("database = \"a/b\"\n{erp}")), 3, "onprem.database: must be 1 to 64 letters, "),
        (onprem("database = \"a\"\nopenapi = [\"erp.yaml\"]\n"), 2, "onprem.url: missing; say where it is"),
        (onprem("database = \"a\"\nurl = \"http://erp\"\n"), 2, "onprem.openapi: missing; name the OpenAPI"),
        (onprem(&format!("database = \"a\"\nprefix = \"/a\"\n{erp}")), 4, "onprem.prefix: unknown; "),
        (
            onprem(&format!("database = \"a\"\n{erp}[[onprem]]\ndatabase = \"A\"\n{erp}")),
            7,
            "onprem.database: another one has it; ",
        ),
        (
            format!("[[onprem]]\ndatabase = \"a\"\n{erp}"),
            1,
            "onprem: no listener serves it; add \"onprem\" to the surfaces of one",
        ),
        (
            "[[upstream]]\nprefix = \"/api\"\nurl = \"http://erp\"\nopenapi = [\"erp.yaml\"]\n".into(),
            2,
            "upstream.prefix: belongs to the platform itself; ",
        ),
    ];
    each_is_found(&table);
}

fn each_is_found(table: &[(String, usize, &str)]) {
    let folder = Folder::new();
    for (added, line, expected) in table {
        let faults = folder.faults(&format!("{LEAST}{added}"), &[]);
        let line = LEAST.lines().count() + line;
        let of_it =
            faults.iter().filter(|fault| fault.starts_with(&format!("einlass.toml:{line}: {expected}")));
        assert!(of_it.count() == 1, "line {line}, {expected:?}: {faults:#?}\n{added}");
        assert!(!faults.concat().contains("canary"), "{faults:?}");
    }
}

#[test]
fn a_header_and_an_assertion_exclude_each_other() {
    let both = "header = \"X-Api-Key\"\nheader_secret_file = \"erp.secret\"\nassertion_audience = \"erp\"\n";
    let text = format!(
        "{LEAST}[[upstream]]\nprefix = \"/erp\"\nurl = \"http://erp\"\nopenapi = [\"erp.yaml\"]\n{both}"
    );
    let faults = Folder::new().faults(&text, &[]);
    assert_eq!(
        faults,
        [
            "einlass.toml:12: upstream.assertion_audience: an upstream knows us by a header or an assertion; keep one \
             of them"
        ]
    );
}

#[test]
fn every_fault_of_a_document_is_one() {
    let folder = Folder::new();
    let text =
        format!("{LEAST}[[upstream]]\nprefix = \"/erp\"\nurl = \"http://erp\"\nopenapi = [\"erp.yaml\"]\n");
    let documents = [
        ("openapi: 3.0.0\npaths: { no-slash: { get: {} }, \"/a/{\": { get: {} } }\n", "/paths/", 2),
        ("paths: { a: { }\n", ": cannot be read: ", 1),
    ];
    for (document, place, count) in documents {
        folder.write("erp.yaml", document);
        let faults = folder.faults(&text, &[]);
        assert_eq!(faults.len(), count, "{faults:#?}");
        let start = format!("einlass.toml:9: upstream.openapi: erp.yaml#{place}");
        assert!(faults.iter().all(|fault| fault.starts_with(&start)), "{faults:#?}");
    }
}

#[test]
fn a_fault_does_not_bring_others_along() {
    let text =
        format!("{LEAST}[[upstream]]\nprefix = \"/erp\"\nurl = \"http://erp\"\nopenapi = [\"erp.yaml\"]\n");
    let faults = Folder::new().faults(&text.replace("127.0.0.1:8480", "8480"), &[]);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].starts_with("einlass.toml:5: listener.address: must be an IP address with a port; "));
}

#[test]
fn plain_http_off_loopback_needs_proxies_or_management_alone() {
    use crate::config::listener::Transport;
    let folder = Folder::new();
    let transport = |more: &str| {
        let text = LEAST.replace("127.0.0.1:8480", "0.0.0.0:8480");
        folder
            .read(&format!("{text}{more}"), &[])
            .map(|(mut config, _)| config.listeners.remove(0).transport)
            .ok()
    };
    assert_eq!(transport(""), None);
    assert_eq!(transport("trusted_proxies = [\"10.0.0.7\"]\n"), Some(Transport::PlainBehindProxies));
    assert_eq!(transport("surfaces = [\"management\"]\n"), Some(Transport::Plain));
}
