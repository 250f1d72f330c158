//! The cookies of one browser for one origin.

use std::collections::BTreeMap;

/// A cookie jar for a single origin.
#[derive(Clone, Debug, Default)]
pub(super) struct Cookies {
    values: BTreeMap<String, String>,
    /// The latest `Set-Cookie` line of each name, for stories about attributes.
    lines: BTreeMap<String, String>,
}

impl Cookies {
    /// Keeps or forgets what a `Set-Cookie` line says.
    pub(super) fn take(&mut self, line: &str) {
        let mut parts = line.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let name = name.trim().to_owned();
        let attribute = |part: &str| part.trim().to_ascii_lowercase();
        let forget =
            parts.any(|part| matches!(attribute(part).as_str(), "max-age=0" | "max-age=-1"));
        self.lines.insert(name.clone(), line.to_owned());
        if forget {
            self.values.remove(&name);
        } else {
            self.values.insert(name, value.trim().to_owned());
        }
    }

    /// The `Cookie` header to send, if there is any cookie.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self
            .values
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The latest `Set-Cookie` lines, one for each name.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.values().cloned().collect()
    }

    /// The names of the cookies that would be sent.
    pub(super) fn names(&self) -> Vec<String> {
        self.values.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_replaced_and_forgotten() {
        let mut cookies = Cookies::default();
        assert_eq!(cookies.header(), None);
        cookies.take("session=abc; Path=/; HttpOnly; SameSite=Lax");
        cookies.take("lang=nl; Max-Age=3600");
        assert_eq!(cookies.header().as_deref(), Some("lang=nl; session=abc"));
        cookies.take("session=; Max-Age=0; Path=/");
        assert_eq!(cookies.header().as_deref(), Some("lang=nl"));
        assert_eq!(cookies.names(), ["lang"]);
        assert!(
            cookies
                .lines()
                .iter()
                .any(|line| line.starts_with("session=;"))
        );
    }
}
