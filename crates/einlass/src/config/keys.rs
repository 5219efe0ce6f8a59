//! `[keys]`: what seals the signing keys, and how they follow each other.

use super::reader::Section;
use einlass_server::keys::{InvalidMasterKey, MasterKey, RotationSettings};
use std::time::Duration;

/// The signing keys.
#[derive(Debug)]
pub(crate) struct Keys {
    /// What they are sealed under.
    pub(crate) master_key: MasterKey,
    /// How they follow each other.
    pub(crate) rotation: RotationSettings,
}

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Keys> {
    let master_key = master_key(section);
    let rotate_every = section.within("rotate_every", "30d", ["1h", "3650d"]);
    // The key set is fresh for five minutes: who keeps it that long must not meet a key that he does not know.
    let announce_for = section.within("announce_for", "15m", ["5m", "30d"]);
    let (rotate_every, announce_for): (Duration, Duration) = (rotate_every?, announce_for?);
    if announce_for >= rotate_every {
        section.fault("announce_for", "must be shorter than rotate_every");
        return None;
    }
    Some(Keys { master_key: master_key?, rotation: RotationSettings { rotate_every, announce_for } })
}

fn master_key(section: &mut Section<'_, '_>) -> Option<MasterKey> {
    let Some(confided) = section.secret("master_key", |_| false) else {
        if !section.has("master_key") && !section.has("master_key_file") {
            section.missing("master_key_file", "`einlass key generate-master > master.key` makes one");
        }
        return None;
    };
    let parsed = confided.secret.expose().parse();
    if parsed.is_err() {
        section.fault_of(confided, InvalidMasterKey.to_string());
    }
    parsed.ok()
}
