//! Calendar dates without a calendar library: all that is needed is to read, order and store them.

use std::fmt;

use serde::{Serialize, Serializer};

/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
///
/// ```
/// use survey_engine::questionnaire::Date;
///
/// let may_day = Date::parse("2026-05-01").unwrap();
/// assert_eq!(may_day.days(), 20_574);
/// assert_eq!(may_day.to_string(), "2026-05-01");
/// assert!(Date::parse("2026-02-29").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

const DAYS_IN_ERA: i32 = 146_097;
const YEARS_IN_ERA: i32 = 400;
/// From 0000-03-01, where the eras begin, to 1970-01-01.
const DAYS_TO_EPOCH: i32 = 719_468;

impl Date {
    /// Reads `YYYY-MM-DD`; `None` if it is written otherwise or there is no such day.
    ///
    /// ```
    /// use survey_engine::questionnaire::Date;
    /// assert!(Date::parse("2028-02-29").is_some());
    /// assert_eq!(Date::parse("2027-02-29"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        let year: i32 = text.get(..4)?.parse().ok()?;
        let month: i32 = text.get(5..7)?.parse().ok()?;
        let day: i32 = text.get(8..)?.parse().ok()?;
        let date = Self {
            days: days_from_civil(year, month, day),
        };
        (year >= 1 && date.civil() == (year, month, day)).then_some(date)
    }

    /// Days since 1970-01-01, negative before.
    ///
    /// ```
    /// use survey_engine::questionnaire::Date;
    /// let date = Date::parse("2027-03-01").unwrap();
    /// assert_eq!(Date::from_days(date.days()), Some(date));
    /// ```
    #[must_use]
    pub fn days(self) -> i32 {
        self.days
    }

    /// The day so many days after 1970-01-01; `None` outside the years 1 to 9999.
    ///
    /// ```
    /// use survey_engine::questionnaire::Date;
    /// let date = Date::parse("2027-03-01").unwrap();
    /// assert_eq!(Date::from_days(date.days()), Some(date));
    /// ```
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        (days_from_civil(1, 1, 1)..=days_from_civil(9999, 12, 31))
            .contains(&days)
            .then_some(Self { days })
    }

    /// Year, month and day. The year is counted from March, so that the leap day comes last; see
    /// Howard Hinnant, "chrono-compatible low-level date algorithms".
    fn civil(self) -> (i32, i32, i32) {
        let shifted = self.days + DAYS_TO_EPOCH;
        let era = shifted.div_euclid(DAYS_IN_ERA);
        let day_of_era = shifted.rem_euclid(DAYS_IN_ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        (
            year_of_era + era * YEARS_IN_ERA + i32::from(month <= 2),
            month,
            day,
        )
    }
}

/// The inverse of [`Date::civil`]; a day that does not exist gives some other day.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let from_march = year - i32::from(month <= 2);
    let era = from_march.div_euclid(YEARS_IN_ERA);
    let year_of_era = from_march.rem_euclid(YEARS_IN_ERA);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_IN_ERA + day_of_era - DAYS_TO_EPOCH
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn every_day_is_written_as_it_is_read() {
        let first = Date::parse("0001-01-01").unwrap();
        let last = Date::parse("9999-12-31").unwrap();
        let mut day_before = None;
        // A step that meets every day of the month and every month of the year.
        for days in (first.days()..=last.days()).step_by(17) {
            let date = Date::from_days(days).unwrap();
            assert_eq!(Date::parse(&date.to_string()), Some(date));
            assert!(
                day_before < Some(date.to_string()),
                "text and days are in one order"
            );
            day_before = Some(date.to_string());
        }
        assert_eq!(
            (
                Date::from_days(first.days() - 1),
                Date::from_days(last.days() + 1)
            ),
            (None, None)
        );
        assert_eq!(Date::from_days(0).unwrap().to_string(), "1970-01-01");
    }

    #[test]
    fn there_are_leap_days_in_some_years_only() {
        let exists = |text: &str| Date::parse(text).is_some();
        assert!(exists("2024-02-29") && exists("2000-02-29"));
        assert!(!exists("2023-02-29") && !exists("1900-02-29"));
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in [
            "",
            "2026-5-1",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-01-00",
            "0000-01-01",
            "2026/05/01",
            "20260501",
            "2026-05-01T00:00",
            "+026-05-01",
            "２026-05-1",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
