//! Facts about languages that no translation file can hold: their own names, their direction, and
//! which of them a browser asks for.

/// Languages of European schools and of the families in them, each under its own name.
const AUTONYMS: &[(&str, &str)] = &[
    ("am", "አማርኛ"),
    ("ar", "العربية"),
    ("be", "Беларуская"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("br", "Brezhoneg"),
    ("bs", "Bosanski"),
    ("ca", "Català"),
    ("ckb", "کوردی"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fo", "Føroyskt"),
    ("fr", "Français"),
    ("fy", "Frysk"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("gl", "Galego"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("hy", "Հայերեն"),
    ("id", "Bahasa Indonesia"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ka", "ქართული"),
    ("kl", "Kalaallisut"),
    ("ko", "한국어"),
    ("ku", "Kurdî"),
    ("lb", "Lëtzebuergesch"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mk", "Македонски"),
    ("mt", "Malti"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("nn", "Norsk nynorsk"),
    ("no", "Norsk"),
    ("pap", "Papiamentu"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("rm", "Rumantsch"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("rw", "Ikinyarwanda"),
    ("se", "Davvisámegiella"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("so", "Soomaali"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("ti", "ትግርኛ"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("yi", "ייִדיש"),
    ("zh", "中文"),
];

/// Primary subtags of languages that are written from right to left unless a script says otherwise.
const RIGHT_TO_LEFT: &[&str] = &["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// The primary subtag of a BCP 47 tag, as written: `nl` of `nl-BE`.
#[must_use]
pub fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// The name of a language in that language, with the rest of the tag in brackets if there is one:
/// `Nederlands`, `Nederlands (BE)`. A language that is not in the table gives its tag.
#[must_use]
pub fn autonym(tag: &str) -> String {
    let first = primary(tag);
    let Some((_, name)) = AUTONYMS
        .iter()
        .find(|(code, _)| code.eq_ignore_ascii_case(first))
    else {
        return tag.to_owned();
    };
    match tag.split_once(['-', '_']) {
        Some((_, rest)) => format!("{name} ({rest})"),
        None => (*name).to_owned(),
    }
}

/// `"rtl"` or `"ltr"`, from the script subtag if the tag has one and else from the language.
#[must_use]
pub fn direction(tag: &str) -> &'static str {
    let script = tag.split(['-', '_']).skip(1).find(|part| part.len() == 4);
    let right_to_left = match script {
        Some(script) => {
            ["arab", "hebr", "nkoo", "syrc", "thaa"].contains(&script.to_ascii_lowercase().as_str())
        }
        None => RIGHT_TO_LEFT.contains(&primary(tag).to_ascii_lowercase().as_str()),
    };
    if right_to_left { "rtl" } else { "ltr" }
}

/// The language among `available` that suits an `Accept-Language` header best (RFC 9110, 12.5.4).
///
/// The ranges are tried from the highest weight down: first the tag itself, then the same primary
/// language. Nothing acceptable, or an empty header, gives the first available language, and an empty
/// list gives `en`.
#[must_use]
pub fn best_match(accept_language: &str, available: &[&str]) -> String {
    let mut ranges: Vec<(&str, f32)> = accept_language
        .split(',')
        .filter_map(weighted_range)
        .collect();
    ranges.sort_by(|left, right| right.1.total_cmp(&left.1));
    ranges
        .iter()
        .filter(|(_, weight)| *weight > 0.0)
        .find_map(|(range, _)| closest(range, available))
        .or_else(|| available.first().copied())
        .unwrap_or("en")
        .to_owned()
}

/// The available language that a wanted tag names: the tag itself, or else the same primary language.
pub(super) fn closest<'a>(wanted: &str, available: &[&'a str]) -> Option<&'a str> {
    if wanted == "*" {
        return available.first().copied();
    }
    let same_tag = available
        .iter()
        .find(|tag| tag.eq_ignore_ascii_case(wanted));
    let same_primary = || {
        available
            .iter()
            .find(|tag| primary(tag).eq_ignore_ascii_case(primary(wanted)))
    };
    same_tag.or_else(same_primary).copied()
}

/// One element of the header: a language range and its weight, 1 unless it says otherwise.
fn weighted_range(element: &str) -> Option<(&str, f32)> {
    let mut parts = element.split(';');
    let range = parts.next()?.trim();
    let weight = match parts.next() {
        Some(parameter) => parameter
            .trim()
            .strip_prefix("q=")?
            .trim()
            .parse::<f32>()
            .ok()?,
        None => 1.0,
    };
    (!range.is_empty() && weight.is_finite()).then_some((range, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_gets_the_language_it_weighs_highest() {
        let cases = [
            ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
            ("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", "en"),
            ("en;q=0.2, nl;q=0.7", "nl"),
            ("pl", "en"),
            ("pl, *;q=0.1", "en"),
            ("nl;q=0, pl", "en"),
            ("", "en"),
            (";;;,q=,=", "en"),
        ];
        for (header, expected) in cases {
            assert_eq!(best_match(header, &["en", "nl"]), expected, "{header}");
        }
        assert_eq!(best_match("pt-PT", &["en", "pt-BR"]), "pt-BR");
        assert_eq!(best_match("nl", &[]), "en");
    }

    #[test]
    fn names_and_directions_follow_the_tag() {
        assert_eq!(autonym("nl"), "Nederlands");
        assert_eq!(autonym("nl-BE"), "Nederlands (BE)");
        assert_eq!(autonym("tlh"), "tlh");
        assert_eq!(direction("ar"), "rtl");
        assert_eq!(direction("fa-AF"), "rtl");
        assert_eq!(direction("az-Arab"), "rtl");
        assert_eq!(direction("ur-Latn"), "ltr");
        assert_eq!(direction("en"), "ltr");
    }
}
