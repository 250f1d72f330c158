//! The leading eigenvector of a small symmetric matrix, given row by row.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is below k, and every matrix has k * k entries; each function checks that first"
)]

use super::add_multiple;

/// Squarings after which a leading eigenvector that still moves is taken as it is: 2^40 powers of the matrix.
const SQUARINGS: u32 = 40;
/// Multiplications by the matrix itself before squaring it is cheaper.
const POWERS: u32 = 24;

/// The largest eigenvalue of a matrix without negative eigenvalues; `vector` becomes its eigenvector, of length 1.
///
/// A `vector` of zeros stands for no guess. Repeated multiplication from a guess; without one, or where that is slow, repeated
/// squaring of the matrix, whose powers tend to the projection on the eigenvector.
pub(crate) fn leading_eigenpair(matrix: &[f64], k: usize, vector: &mut [f64]) -> f64 {
    if matrix.len() != k * k || vector.len() != k {
        return 0.0;
    }
    let mut image = vec![0.0; k];
    if normalise(vector) > 0.0 {
        for _ in 0..POWERS {
            let (value, moved) = multiply(matrix, vector, &mut image);
            if moved < 1e-14 {
                return value;
            }
        }
    }
    project(matrix, k, vector);
    let mut value = 0.0;
    for _ in 0..4 {
        let moved;
        (value, moved) = multiply(matrix, vector, &mut image);
        if moved < 1e-15 {
            break;
        }
    }
    value
}

/// One multiplication: the length of the image of `vector`, which becomes that image at length 1, and how far it moved.
fn multiply(matrix: &[f64], vector: &mut [f64], image: &mut [f64]) -> (f64, f64) {
    image.fill(0.0);
    for (row, weight) in matrix.chunks_exact(vector.len()).zip(vector.iter()) {
        // Whole rows of a symmetric matrix instead of sums along them, which cannot be done several at a time.
        add_multiple(image, *weight, row);
    }
    let value = normalise(image);
    let mut moved = 0.0_f64;
    for (from, to) in vector.iter_mut().zip(image.iter()) {
        moved = moved.max((*to - *from).abs());
        *from = *to;
    }
    (value, moved)
}

/// Brings a vector to length 1; its length before.
fn normalise(vector: &mut [f64]) -> f64 {
    let length = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
    if length > 0.0 {
        for v in vector {
            *v /= length;
        }
    }
    length
}

/// Sets `vector` to the longest column of a high power of the matrix.
fn project(matrix: &[f64], k: usize, vector: &mut [f64]) {
    let trace = |matrix: &[f64]| matrix.iter().step_by(k + 1).sum::<f64>();
    let mut power = matrix.to_vec();
    let mut next = vec![0.0; k * k];
    for _ in 0..SQUARINGS {
        let scale = trace(&power).powi(2);
        if scale <= 0.0 {
            break;
        }
        next.fill(0.0);
        for (row, to) in power.chunks_exact(k).zip(next.chunks_exact_mut(k)) {
            for (weight, other) in row.iter().zip(power.chunks_exact(k)) {
                add_multiple(to, weight / scale, other);
            }
        }
        std::mem::swap(&mut power, &mut next);
        // The squared eigenvalues, as shares of the square of their sum: 1 if only one is left.
        if 1.0 - trace(&power) < 1e-15 {
            break;
        }
    }
    let longest = (0..k).max_by(|a, b| power[a * k + a].total_cmp(&power[b * k + b]));
    if let Some(at) = longest {
        vector.copy_from_slice(&power[at * k..(at + 1) * k]);
        normalise(vector);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leading_eigenvector_is_found_from_any_guess() {
        // Eigenvalues 3 (1, -1, 0), 1 (1, 1, 0) and 2.999 (0, 0, 1).
        let matrix = [2.0, -1.0, 0.0, -1.0, 2.0, 0.0, 0.0, 0.0, 2.999];
        for guess in [[0.0; 3], [1.0, 1.0, 1.0], [1.0, -1.0, 0.0], [0.0, 1.0, 5.0]] {
            let mut vector = guess;
            let value = leading_eigenpair(&matrix, 3, &mut vector);
            assert!((value - 3.0).abs() < 1e-12);
            assert!((vector[0] + vector[1]).abs() < 1e-12 && vector[2].abs() < 1e-12);
        }
    }
}
