//! The folder in which a development platform lives: its seed, its database, its port. One platform at a
//! time; nothing of it gets into a repository or is readable by others.

use crate::failure::Failure;
use crate::private;
use einlass_server::emulator::Seed;
use einlass_server::random::{OsRandom, Random};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// An open data folder. It is locked until this is dropped.
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// A folder that holds something else is refused: everything in this one is hidden from git, closed to
    /// others, and deleted for a fresh start.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let fault = |fault: io::Error| Failure::Failed(format!("{}: {fault}", path.display()));
        if path.exists() && !path.is_dir() {
            return Err(Failure::Usage(format!("{} is not a folder", path.display())));
        }
        private::create_folder(path).map_err(fault)?;
        let path = path.canonicalize().map_err(fault)?;
        if !path.join(LOCK).exists() && fs::read_dir(&path).map_err(fault)?.next().is_some() {
            let path = path.display();
            return Err(Failure::Usage(format!("{path} holds other files; name a new folder with --data")));
        }
        // The database's files have the modes that its library gives them, so the folder keeps others out.
        private::close_to_others(&path).map_err(fault)?;
        let lock = open_lock(&path.join(LOCK)).map_err(fault)?;
        if lock.try_lock().is_err() {
            return Err(Failure::Failed(format!(
                "another einlass runs on {}; use --data for a second one",
                path.display()
            )));
        }
        fs::write(path.join(".gitignore"), "*\n").map_err(fault)?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The seed, made at the first start.
    pub(crate) fn seed(&self) -> Result<Seed, Failure> {
        if let Some(stored) = self.read("seed")? {
            let bytes = stored.try_into().map_err(|_| self.damaged("seed"))?;
            return Ok(Seed::new(&bytes));
        }
        let mut bytes = [0; 32];
        OsRandom.fill(&mut bytes);
        self.write("seed", &bytes)?;
        Ok(Seed::new(&bytes))
    }

    /// The port of this name that was picked at an earlier start.
    pub(crate) fn kept_port(&self, name: &str) -> Result<Option<u16>, Failure> {
        let Some(stored) = self.read(name)? else {
            return Ok(None);
        };
        let port = String::from_utf8(stored).ok().and_then(|text| text.trim().parse().ok());
        port.filter(|port| *port != 0).map(Some).ok_or_else(|| self.damaged(name))
    }

    /// Keeps a port for the next start.
    pub(crate) fn keep_port(&self, name: &str, port: u16) -> Result<(), Failure> {
        self.write(name, format!("{port}\n").as_bytes())
    }

    /// Writes a file that only this user may read (0600): whole or not at all.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        private::replace(&self.path.join(name), content).map_err(|fault| self.fault(name, &fault))
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        match fs::read(self.path.join(name)) {
            Ok(content) => Ok(Some(content)),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(self.fault(name, &fault)),
        }
    }

    fn fault(&self, name: &str, fault: &io::Error) -> Failure {
        Failure::Failed(format!("{}: {fault}", self.path.join(name).display()))
    }

    fn damaged(&self, name: &str) -> Failure {
        let path = self.path.join(name);
        Failure::Failed(format!("{} is damaged; delete the folder for a fresh start", path.display()))
    }
}

/// Held while a platform runs, and what tells a data folder from any other.
const LOCK: &str = "lock";

/// Opens the lock and leaves what it leads to as it is.
fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}
