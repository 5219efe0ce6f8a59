//! The platform that a tour plays on: in a temporary folder, at a port of its own.

use crate::dev::api::Api;
use crate::dev::data_folder::DataFolder;
use crate::dev::platform::DevPlatform;
use crate::documents::Documents;
use crate::failure::Failure;
use einlass_server::emulator::Demonstration;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A platform that is served while this lives.
pub(super) struct Stage {
    pub(super) url: String,
    pub(super) demo: Demonstration,
    folder: TempDir,
    end: oneshot::Sender<()>,
    served: JoinHandle<Result<(), Failure>>,
}

impl Stage {
    /// Starts a platform with nothing in it but the demonstration.
    pub(super) async fn set() -> Result<Self, Failure> {
        Self::in_folder(tempfile::tempdir()?).await
    }

    async fn in_folder(folder: TempDir) -> Result<Self, Failure> {
        let data = DataFolder::open(folder.path())?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let api = Api { documents: Documents::read(&[])?, upstream: None, wished: None };
        let hour = Duration::from_hours(1);
        let platform = DevPlatform::start(&data, listen, api, hour).await?;
        let (url, demo) = (platform.url.clone(), platform.demo.clone());
        let (end, ended) = oneshot::channel();
        let served = tokio::spawn(async move {
            let outcome = platform.serve(async { drop(ended.await) }).await;
            drop(data);
            outcome
        });
        Ok(Self { url, demo, folder, end, served })
    }

    /// Ends the platform and starts it again on the same data.
    pub(super) async fn restart(self) -> Result<Self, Failure> {
        Self::in_folder(self.close().await?).await
    }

    /// Ends the platform and removes its data.
    pub(super) async fn clear(self) -> Result<(), Failure> {
        Ok(self.close().await?.close()?)
    }

    async fn close(self) -> Result<TempDir, Failure> {
        let Self { folder, end, served, .. } = self;
        // A platform that has ended by itself says why below.
        let _ = end.send(());
        served.await.map_err(|fault| Failure::Failed(fault.to_string()))??;
        Ok(folder)
    }
}
