//! Simulated answers: a mean per school, group and indicator, people who differ, items that differ, some left open.

use survey_engine::answers::{RawAnswer, RawAnswers};
use survey_engine::questionnaire::{Form, Item, MissingKind, ModuleSelection};

/// A small generator with a seed, so that every demo shows the same community (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to but not including 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal, mean 0 and standard deviation 1: twelve shares less six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

/// A number from -1 to 1 that belongs to a text.
fn trait_of(text: &str) -> f64 {
    let seed = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    2.0 * Dice::new(seed).share() - 1.0
}

/// One person's answers to a form. `school` and `round` give the round its colour.
pub(super) fn answers(
    dice: &mut Dice,
    form: &Form,
    selection: &ModuleSelection,
    school: &str,
    round: &str,
) -> RawAnswers {
    let person = 0.55 * dice.normal();
    let mut raw = RawAnswers::new();
    for module in form.modules() {
        if !selection.includes(module.code()) {
            continue;
        }
        for item in module.items() {
            if let Some(answer) = answer(dice, item, form.group(), school, round, person) {
                raw.insert(item.id(), answer);
            }
        }
    }
    raw
}

fn answer(
    dice: &mut Dice,
    item: &Item,
    group: &str,
    school: &str,
    round: &str,
    person: f64,
) -> Option<RawAnswer> {
    let (lowest, highest) = item.value_range()?;
    let luck = dice.share();
    if luck < 0.03 {
        return None;
    }
    if luck < 0.06
        && item
            .missing()
            .iter()
            .any(|missing| missing.kind() == MissingKind::DontKnow)
    {
        return Some(RawAnswer::Missing(MissingKind::DontKnow));
    }
    let indicator = item.indicator().unwrap_or_default();
    let leaning = 0.35
        + 0.35 * trait_of(&format!("{school} {indicator}"))
        + 0.25 * trait_of(&format!("{group} {indicator}"))
        + 0.12 * trait_of(&format!("{round} {indicator}"))
        + 0.2 * trait_of(item.id())
        + person
        + 0.75 * dice.normal();
    let steps = f64::from(highest - lowest);
    let place = (0.5 + leaning / 4.0).clamp(0.0, 1.0) * steps;
    let value = f64::from(lowest) + place.round();
    Some(RawAnswer::Number(if item.reversed() {
        f64::from(lowest) + f64::from(highest) - value
    } else {
        value
    }))
}
