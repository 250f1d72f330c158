//! Why responses are not counted.

use super::TallyMismatch;

/// Why a batch was not counted. Nothing of it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TabulationError {
    /// The bytes are not a whole number of responses, one for each cell number.
    #[error("{bytes} bytes are not {rows} responses of {length} bytes")]
    Rows {
        /// Bytes given.
        bytes: usize,
        /// Cell numbers given.
        rows: usize,
        /// Bytes of a response.
        length: usize,
    },
    /// A response belongs to a cell that does not exist.
    #[error("response {row}: there is no cell {cell}")]
    Cell {
        /// Position of the response in the batch.
        row: usize,
        /// The cell number.
        cell: u32,
    },
    /// A response is none to this form.
    #[error("response {row}: {mismatch}")]
    Response {
        /// Position of the response in the batch.
        row: usize,
        /// What is wrong with it.
        mismatch: TallyMismatch,
    },
    /// More than 4,294,967,295 responses in one tabulation, or so many cells that their counts cannot be numbered.
    #[error("a tabulation cannot hold so much")]
    TooMany,
    /// Two tabulations of different forms or numbers of cells.
    #[error("the tabulations are of different forms")]
    Shape,
}

impl TabulationError {
    /// The same of a batch that begins so many responses earlier.
    #[cfg(feature = "rayon")]
    pub(super) fn moved(self, rows: usize) -> Self {
        match self {
            Self::Cell { row, cell } => Self::Cell {
                row: row + rows,
                cell,
            },
            Self::Response { row, mismatch } => Self::Response {
                row: row + rows,
                mismatch,
            },
            other => other,
        }
    }
}
