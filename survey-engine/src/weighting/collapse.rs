//! Cells that are too small.

use crate::response::CellResponse;

/// Fewest respondents of a weighting cell.
pub const FEWEST_RESPONDENTS: u64 = 5;

/// Largest weight of a cell, in mean weights.
pub const LARGEST_RATIO: f64 = 4.0;

/// Joins neighbouring cells until each has enough respondents and no extreme weight: the position of the joined cell for each cell.
///
/// `cells` come in a declared order, of ages or years say, in which neighbours are most alike. A cell is too weak with fewer than
/// [`FEWEST_RESPONDENTS`], or if its weight `N_h / n_h` is more than [`LARGEST_RATIO`] times the mean weight `N / n`. As long as there is
/// a weak cell, the one with the fewest respondents (the first of several) joins the neighbour with fewer respondents (the earlier
/// of two equal ones). One cell may remain, weak or not. The order alone decides, never the answers.
///
/// Sources: Kalton and Flores-Cervantes (2003), Journal of Official Statistics 19, on joining cells; the limits and the order
/// are rules of this engine.
///
/// ```
/// use survey_engine::response::CellResponse;
/// use survey_engine::weighting::collapse;
/// let cells = [(200, 40), (180, 3), (190, 30), (150, 25)]
///     .map(|(population, respondents)| CellResponse { population, respondents });
/// // The second cell is too small and joins the third.
/// assert_eq!(collapse(&cells), [0, 1, 1, 2]);
/// ```
#[must_use]
pub fn collapse(cells: &[CellResponse]) -> Vec<usize> {
    // Joined cells: their counts, and how many cells they consist of.
    let mut joined: Vec<(CellResponse, usize)> = cells.iter().map(|cell| (*cell, 1)).collect();
    let total = |count: fn(&CellResponse) -> u64| cells.iter().map(count).sum::<u64>();
    let (population, respondents) = (total(|c| c.population), total(|c| c.respondents));
    let weak = |cell: &CellResponse| {
        let ratio = cell.population as f64 * respondents as f64;
        let limit = LARGEST_RATIO * population as f64 * cell.respondents as f64;
        cell.respondents < FEWEST_RESPONDENTS || ratio > limit
    };
    while joined.len() > 1 {
        let candidates = joined
            .iter()
            .enumerate()
            .filter(|(_, (cell, _))| weak(cell));
        let Some((at, _)) = candidates.min_by_key(|(_, (cell, _))| cell.respondents) else {
            break;
        };
        let size = |at: Option<usize>| Some(joined.get(at?)?.0.respondents);
        let (before, after) = (at.checked_sub(1), at.checked_add(1));
        let first = match (size(before), size(after)) {
            (Some(earlier), Some(later)) if earlier <= later => at - 1,
            (Some(_), None) => at - 1,
            _ => at,
        };
        let (other, count) = joined.remove(first + 1);
        if let Some((cell, own)) = joined.get_mut(first) {
            cell.population += other.population;
            cell.respondents += other.respondents;
            *own += count;
        }
    }
    let positions = joined.iter().enumerate();
    positions
        .flat_map(|(position, (_, count))| std::iter::repeat_n(position, *count))
        .collect()
}
