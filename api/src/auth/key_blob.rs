//! Secrets of any length in the key directory.

use super::key_dir::{KeyDirectory, KeyError};
use super::key_file::{publish, read_private};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::path::Path;

impl KeyDirectory {
    /// The bytes of the secret called `name`, whatever their number; `None` where there is none (any more).
    pub fn secret_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, KeyError> {
        read_bytes(&self.secret_path(name)?)
    }

    /// Makes `bytes` the secret called `name`, or gives the one that exists.
    pub fn create_secret_bytes(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
        let path = self.secret_path(name)?;
        publish(
            &path,
            format!("{}\n", URL_SAFE_NO_PAD.encode(bytes)).as_bytes(),
        )?;
        read_bytes(&path)?.ok_or(KeyError::Damaged {
            path,
            detail: "it appeared and vanished again",
        })
    }
}

fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, KeyError> {
    let Some(content) = read_private(path)? else {
        return Ok(None);
    };
    URL_SAFE_NO_PAD
        .decode(content.trim_ascii())
        .map(Some)
        .map_err(|_| KeyError::Damaged {
            path: path.to_owned(),
            detail: "it should hold a line of base64url",
        })
}
