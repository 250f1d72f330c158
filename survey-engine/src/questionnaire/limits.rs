//! How large a document may be. The limits are generous for people and stop machines.

use std::ops::RangeInclusive;

/// Bytes of a whole document.
pub(super) const DOCUMENT_BYTES: usize = 4 * 1024 * 1024;
/// Findings reported about one document; beyond these it is not the document that was meant.
pub(super) const FINDINGS: usize = 1_000;
/// Characters of one text in one language.
pub(super) const TEXT_CHARACTERS: usize = 5_000;

pub(super) const LANGUAGES: RangeInclusive<usize> = 1..=60;
pub(super) const FALLBACKS: RangeInclusive<usize> = 1..=10;
pub(super) const AREAS: RangeInclusive<usize> = 1..=100;
pub(super) const INDICATORS: RangeInclusive<usize> = 1..=500;
pub(super) const GROUPS: RangeInclusive<usize> = 1..=20;
pub(super) const FORMS: RangeInclusive<usize> = 1..=50;
pub(super) const MODULES_PER_FORM: RangeInclusive<usize> = 1..=50;
pub(super) const ITEMS_PER_MODULE: RangeInclusive<usize> = 1..=300;
pub(super) const ITEMS_PER_FORM: usize = 300;

/// What one byte can tell apart; see `PackedCode`.
pub(super) const OPTIONS: RangeInclusive<usize> = 1..=240;
pub(super) const LIKERT_OPTIONS: RangeInclusive<usize> = 2..=11;
pub(super) const SINGLE_CHOICE_OPTIONS: RangeInclusive<usize> = 2..=240;
pub(super) const MULTIPLE_CHOICE_OPTIONS: RangeInclusive<usize> = 1..=240;
pub(super) const RANKING_OPTIONS: RangeInclusive<usize> = 2..=20;
pub(super) const MISSING_OPTIONS: RangeInclusive<usize> = 0..=3;

pub(super) const DECIMALS: RangeInclusive<u16> = 0..=6;
pub(super) const SHORT_TEXT: RangeInclusive<u16> = 1..=500;
pub(super) const SHORT_TEXT_DEFAULT: u16 = 200;
pub(super) const LONG_TEXT: RangeInclusive<u16> = 1..=10_000;
pub(super) const LONG_TEXT_DEFAULT: u16 = 2_000;

/// Members of `in`, `all` and `any`.
pub(super) const CONDITION_MEMBERS: RangeInclusive<usize> = 1..=240;
