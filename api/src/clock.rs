//! The one source of the present moment, injected so that tests can stand still.

use std::sync::Arc;

/// Tells the time in milliseconds since 1970-01-01 UTC.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the clock is where the time is read"
        )]
        Self(Arc::new(|| jiff::Timestamp::now().as_millisecond()))
    }

    /// A clock that always shows `milliseconds`.
    #[must_use]
    pub fn fixed(milliseconds: i64) -> Self {
        Self(Arc::new(move || milliseconds))
    }

    /// A clock that shows what `now` says, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn shifted(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now_ms())
    }
}

/// An RFC 3339 text such as `2026-11-23T09:30:00Z` for milliseconds since 1970-01-01 UTC.
///
/// A value outside jiff's range (years -9999 to 9999) is shown as the nearest moment inside it.
#[must_use]
pub fn to_rfc3339(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds)
        .unwrap_or(if milliseconds < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
        .to_string()
}

/// Milliseconds since 1970-01-01 UTC for an RFC 3339 text, or `None` where the text is not one.
#[must_use]
pub fn from_rfc3339(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_the_way_to_text_and_back() {
        let moment = Clock::fixed(1_795_000_000_123).now_ms();
        assert_eq!(from_rfc3339(&to_rfc3339(moment)), Some(moment));
        assert_eq!(from_rfc3339("yesterday"), None);
    }
}
