//! `einlass dev --tour`.

use crate::kit::{einlass, folder, text};

#[test]
fn the_tour_plays_to_its_end_and_masks_what_is_secret() {
    let here = folder();
    let output = einlass().args(["dev", "--tour"]).current_dir(here.path()).output().unwrap();
    let (shown, complaint) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{shown}{complaint}");
    assert!(shown.contains("All 29 steps went as they should."), "{shown}");
    for secret in ["ein_cs_", "ein_at_", "eyJ", "Basic Z"] {
        assert!(!shown.contains(secret) && !complaint.contains(secret), "{secret}");
    }
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0, "the tour left something behind");
}
