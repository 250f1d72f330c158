//! Numbers and dates as a language writes them.

use super::locale::Translator;

impl Translator {
    /// A number with a fixed count of decimals and the language's decimal mark: `3.5`, `3,5`.
    /// Something that is not a finite number gives an en dash.
    #[must_use]
    pub fn number(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let written = format!("{value:.decimals$}");
        let positive_zero = written
            .strip_prefix('-')
            .filter(|rest| rest.chars().all(|c| c == '0' || c == '.'));
        positive_zero
            .unwrap_or(&written)
            .replace('.', &self.text("number-decimal-mark"))
            .replace('-', "\u{2212}")
    }

    /// A number with as many decimals as it has and the language's decimal mark: `3`, `0,25`.
    #[must_use]
    pub fn plain_number(&self, value: f64) -> String {
        let written = value.to_string();
        let decimals = written
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        self.number(value, decimals)
    }

    /// A share of 0 to 1 as a whole percentage: `83%`.
    #[must_use]
    pub fn percentage(&self, share: f64) -> String {
        self.one("number-percentage", "number", self.number(share * 100.0, 0))
    }

    /// A calendar date in words: `2 November 2026`.
    #[must_use]
    pub fn date(&self, date: jiff::civil::Date) -> String {
        let month = self.text(&format!("month-{}", date.month()));
        let (day, year) = (date.day().to_string(), date.year().to_string());
        self.with(
            "date-in-words",
            &[
                ("day", day.into()),
                ("month", month.into()),
                ("year", year.into()),
            ],
        )
    }

    /// The calendar date, in UTC, of a moment in milliseconds since 1970, in words. A moment outside
    /// the calendar's range gives an en dash.
    #[must_use]
    pub fn date_of_ms(&self, ms: i64) -> String {
        jiff::Timestamp::from_millisecond(ms).map_or_else(
            |_| "–".to_owned(),
            |moment| self.date(moment.to_zoned(jiff::tz::TimeZone::UTC).date()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let (english, dutch) = (
            Translator::for_language("en"),
            Translator::for_language("nl"),
        );
        assert_eq!(english.number(3.25, 1), "3.2");
        assert_eq!(dutch.number(3.5, 1), "3,5");
        assert_eq!(dutch.number(-0.04, 1), "0,0");
        assert_eq!(dutch.number(-12.0, 0), "\u{2212}12");
        assert_eq!(english.number(f64::NAN, 1), "–");
        assert_eq!(english.percentage(0.834), "83%");
    }

    #[test]
    fn dates_follow_the_language() {
        let day = jiff::civil::date(2026, 3, 2);
        assert_eq!(Translator::for_language("en").date(day), "2 March 2026");
        assert_eq!(Translator::for_language("nl").date(day), "2 maart 2026");
        assert_eq!(
            Translator::for_language("nl").date_of_ms(1_793_577_600_000),
            "2 november 2026"
        );
    }
}
