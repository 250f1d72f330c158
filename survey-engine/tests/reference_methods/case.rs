//! A case as it lies in its folder.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::table::Table;

pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) parameters: Value,
    pub(crate) expected: Value,
    pub(crate) tolerance: Value,
    /// The whole case as it is written, for where the order of the fields means something.
    pub(crate) document: Vec<u8>,
    input: Option<String>,
    folder: PathBuf,
}

impl Case {
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let at = |problem: String| format!("{}: {problem}", file.display());
        let content = std::fs::read(file).map_err(|error| at(error.to_string()))?;
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Self::parse(content, folder).map_err(at)
    }

    /// A case as it is written; its table lies in `folder`.
    pub(crate) fn parse(content: Vec<u8>, folder: PathBuf) -> Result<Self, String> {
        let document: Value =
            serde_json::from_slice(&content).map_err(|error| error.to_string())?;
        let part = |name: &str| {
            let found = document.get(name).cloned();
            found.ok_or_else(|| format!("no {name:?}"))
        };
        let text = |name: &str| {
            let found = part(name)?.as_str().map(str::to_owned);
            found.ok_or_else(|| format!("{name:?} is not text"))
        };
        Ok(Self {
            id: text("id")?,
            method: text("method")?,
            parameters: part("parameters")?,
            expected: part("expected")?,
            tolerance: part("tolerance")?,
            input: part("input_csv")?.as_str().map(str::to_owned),
            folder,
            document: content,
        })
    }

    /// The table that comes with the case.
    pub(crate) fn table(&self) -> Result<Table, String> {
        let name = self.input.as_ref().ok_or("the case has no table")?;
        let file = self.folder.join(name);
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        Table::parse(&text)
    }
}
