//! `einlass dev --tour`: the whole story, played as a client against a platform of its own. Each step shows
//! what was sent and received and is held to what it should be.

mod marketplace;
mod onprem;
mod stage;
mod steps;
mod transcript;

use crate::failure::Failure;
use crate::output;
use stage::Stage;
use transcript::Transcript;

/// Plays every step. The first that does not go as it should ends the tour.
pub(super) async fn play() -> Result<(), Failure> {
    let mut transcript = Transcript::default();
    let stage = Stage::set().await?;
    let kept = steps::first_act(&stage, &mut transcript).await?;
    let stage = stage.restart().await?;
    steps::second_act(&stage, &mut transcript, &kept).await?;
    stage.clear().await?;
    output::print(&format!("\nAll {} steps went as they should.\n", transcript.steps()))
}
