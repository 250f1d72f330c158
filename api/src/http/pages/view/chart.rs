//! The chart of an indicator: one line per voice, its interval and its mean on a scale of 0 to 100.

use askama::Template;

use super::{Cell, Page, VoiceDetail, Words};

/// Width of the drawing, in its own units.
const WIDTH: f64 = 300.0;
/// Where 0 and 100 lie.
const LEFT: f64 = 12.0;
const RIGHT: f64 = WIDTH - 12.0;
/// Height of one voice: its name above its line.
const ROW: f64 = 44.0;
/// Height of one more line of words.
const LINE: f64 = 17.0;
/// Characters of name and figure that fit beside each other.
const ONE_LINE: usize = 34;

/// One voice in the chart.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The group, in words.
    pub label: String,
    /// The figure in words, or why there is none.
    pub value: String,
    /// Baseline of the name.
    pub text_y: f64,
    /// Baseline of the figure: that of the name, or the next where they do not fit beside each other.
    pub value_y: f64,
    /// Height of the line.
    pub line_y: f64,
    /// Where interval and mean lie, if there is a figure: left end, mean, right end.
    pub place: Option<(f64, f64, f64)>,
}

/// An SVG drawing without style attributes: the stylesheet colours it by class.
#[derive(Debug, Clone, Template)]
#[template(path = "officer/chart.html")]
pub struct VoiceChart {
    /// The frame.
    pub page: Page,
    /// What the drawing shows, for those who do not see it.
    pub title: String,
    /// The figures in one sentence.
    pub description: String,
    /// Height of the drawing.
    pub height: f64,
    /// Where the scale's words stand.
    pub scale_y: f64,
    /// The scale: number and place.
    pub ticks: Vec<(u8, f64)>,
    /// The voices.
    pub marks: Vec<Mark>,
}

impl VoiceChart {
    pub(super) fn of(page: &Page, title: &Words, voices: &[VoiceDetail]) -> Self {
        let asked: Vec<&VoiceDetail> = voices
            .iter()
            .filter(|voice| !matches!(voice.cell, Cell::NotAsked))
            .collect();
        let mut bottom = 0.0;
        let mut marks = Vec::new();
        for voice in asked {
            let (mark, height) = Mark::of(page, voice, bottom);
            marks.push(mark);
            bottom += height;
        }
        let sentences: Vec<String> = marks
            .iter()
            .map(|mark| format!("{}: {}.", mark.label, mark.value))
            .collect();
        bottom += 6.0;
        Self {
            page: page.clone(),
            title: page.one("chart-title", "indicator", title.text.as_str()),
            description: sentences.join(" "),
            height: bottom + 20.0,
            scale_y: bottom + 14.0,
            ticks: [0, 25, 50, 75, 100]
                .map(|value| (value, position(f64::from(value))))
                .to_vec(),
            marks,
        }
    }

    /// Where the vertical lines end.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.scale_y - 12.0
    }
}

impl Mark {
    /// The mark of a voice, drawn from `top` down, and its height.
    fn of(page: &Page, voice: &VoiceDetail, top: f64) -> (Self, f64) {
        let (value, place) = match &voice.cell {
            Cell::Figure(figure) => {
                let (low, high) = figure.interval.unwrap_or((figure.mean, figure.mean));
                let mean = figure.mean_text(page);
                let value = match figure.interval_text(page) {
                    Some(interval) => page.with(
                        "chart-value",
                        &[("mean", mean.into()), ("interval", interval.into())],
                    ),
                    None => mean,
                };
                (
                    value,
                    Some((position(low), position(figure.mean), position(high))),
                )
            }
            Cell::Withheld(reason) => (reason.reason(page), None),
            Cell::NotAsked => (page.text("cell-not-asked"), None),
        };
        let fits =
            voice.group.chars().count() + value.chars().count() <= ONE_LINE || place.is_none();
        let more = if fits { 0.0 } else { LINE };
        let text_y = top + 16.0;
        let mark = Self {
            label: voice.group.clone(),
            value,
            text_y,
            value_y: text_y + more,
            line_y: top + 31.0 + more,
            place,
        };
        (mark, ROW + more)
    }
}

/// A score of 0 to 100 as a place in the drawing, to one decimal.
fn position(score: f64) -> f64 {
    let place = LEFT + (RIGHT - LEFT) * score.clamp(0.0, 100.0) / 100.0;
    (place * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_fills_the_drawing_and_nothing_leaves_it() {
        assert!((position(0.0) - LEFT).abs() < 1e-9);
        assert!((position(100.0) - RIGHT).abs() < 1e-9);
        assert!((position(-3.0) - LEFT).abs() < 1e-9);
        assert!((position(250.0) - RIGHT).abs() < 1e-9);
    }
}
