//! The documented example is right, complete, and tells the defaults.

use super::{Folder, LEAST};
use crate::config::listener::{Hosts, Surface, Transport};
use crate::config::reader::Effective;
use crate::node::KnownBy;
use einlass_protocol::oauth::FirstParty;
use einlass_proxy::forward::Timeouts;
use einlass_server::PlatformSettings;
use einlass_server::scx::ScxSettings;
use std::collections::BTreeSet;

const EXAMPLE: &str = include_str!("../../../../../docs/einlass.toml");

#[test]
fn the_example_is_right_as_it_is() {
    let config = Folder::new().config(EXAMPLE);
    let [public, onprem, management] = &*config.listeners else { panic!("{:?}", config.listeners) };
    assert_eq!(public.hosts, Hosts::These(vec!["api.example.com".into()]));
    assert!(matches!(public.transport, Transport::Tls { .. }) && public.surfaces.len() == 6);
    assert_eq!((&management.hosts, &management.transport), (&Hosts::Any, &Transport::Plain));
    assert_eq!(management.surfaces, BTreeSet::from([Surface::Management]));
    assert_eq!(onprem.surfaces, BTreeSet::from([Surface::OnPremise]));
    let marketplace = config.scx.as_ref().unwrap().upstream.as_ref().unwrap();
    assert_eq!((marketplace.prefix.as_str(), marketplace.policy.operations().count()), ("/v1", 4));
    let [erp] = &*config.upstreams else { panic!("{:?}", config.upstreams) };
    assert_eq!((erp.prefix.as_str(), erp.policy.operations().count() > 3), ("/erp", true));
    let [site] = &*config.onpremise else { panic!("{:?}", config.onpremise) };
    let names = (site.database.as_str(), site.upstream.prefix.as_str());
    assert_eq!(names, ("eazybusiness", "/api/eazybusiness"));
}

#[test]
fn its_alternatives_are_right_too() {
    let folder = Folder::new();
    let uncommented = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(|first: char| first.is_ascii_lowercase()) => rest,
            _ => line,
        })
        .filter(|line| !line.starts_with("url = \"sqlite") && !line.starts_with("assertion_audience"))
        .collect::<Vec<_>>()
        .join("\n");
    assert_ne!(uncommented.lines().count(), EXAMPLE.lines().count());
    let config = folder.config(&uncommented);
    assert_eq!(config.listeners[0].trusted_proxies.len(), 2);
    assert_eq!(config.limits.connections.unwrap().get(), config.listening().max_connections);
    let erp = &config.upstreams[0];
    assert!(erp.tls.authority.is_some() && erp.tls.client.is_some());
    assert!(matches!(erp.known_by, KnownBy::Header(_)));
    assert!(config.store.url.expose().starts_with("postgres://einlass:"));
}

/// Whoever reads a key that is not in the example hears of it here.
#[test]
fn every_key_is_in_the_example() {
    let folder = Folder::new();
    let is_header = |line: &str| line.starts_with('[');
    let with_a_stranger: Vec<_> = EXAMPLE
        .lines()
        .map(|line| if is_header(line) { format!("{line}\nzzzzzzzzzzzz = 0") } else { line.to_owned() })
        .collect();
    let faults = folder.faults(&format!("zzzzzzzzzzzz = 0\n{}", with_a_stranger.join("\n")), &[]);
    assert_eq!(faults.len(), 1 + EXAMPLE.lines().filter(|line| is_header(line)).count(), "{faults:#?}");
    for fault in faults {
        let (_, known) = fault.split_once("known here are ").unwrap();
        // Secrets that a configuration must not hold are known only to be refused.
        for key in known.split(", ").filter(|key| !["master_key", "header_secret"].contains(key)) {
            let is_named = |line: &str| {
                let line = line.trim_start_matches('#');
                let header = line.trim_matches(['[', ']']);
                line.starts_with(&format!("{key} = ")) || header.split('.').next_back() == Some(key)
            };
            assert!(EXAMPLE.lines().any(is_named), "{key} of {fault}");
        }
    }
}

#[test]
fn its_values_are_the_defaults() {
    let folder = Folder::new();
    let least = format!(
        "{LEAST}[scx]\n[[upstream]]\nprefix = \"/erp\"\nurl = \"https://erp.example.internal\"\nopenapi = [\"erp.yaml\"]\n"
    );
    let lines = |effective: &Effective| {
        let mut header = String::new();
        let mut lines = BTreeSet::new();
        for line in effective.to_toml(true).lines() {
            if let Some((entry, origin)) = line.split_once("  # ") {
                lines.insert((header.clone(), entry.to_owned(), origin == "default"));
            } else {
                line.clone_into(&mut header);
            }
        }
        lines
    };
    let said = lines(&folder.read(EXAMPLE, &[]).unwrap().1);
    let (_, effective) = folder.read(&least, &[]).unwrap();
    let defaults: Vec<_> = lines(&effective).into_iter().filter(|(_, _, is_default)| *is_default).collect();
    assert!(defaults.len() >= 20, "{defaults:?}");
    for (header, entry, _) in defaults {
        assert!(
            said.contains(&(header.clone(), entry.clone(), false)),
            "{header} {entry} is not in the example"
        );
    }
}

#[test]
fn the_defaults_are_those_of_the_parts() {
    let config = Folder::new().config(EXAMPLE);
    let home = |surface| match surface {
        FirstParty::OnPremise => "https://api.example.com:5883".to_owned(),
        _ => "https://api.example.com".to_owned(),
    };
    let usual = PlatformSettings {
        scx: Some(ScxSettings::default()),
        homes: FirstParty::ALL.map(|surface| (surface, home(surface))).into(),
        ..PlatformSettings::new("https://api.example.com")
    };
    assert_eq!(format!("{:?}", config.platform()), format!("{usual:?}"));
    assert_eq!(format!("{:?}", config.upstreams[0].timeouts), format!("{:?}", Timeouts::default()));
}
