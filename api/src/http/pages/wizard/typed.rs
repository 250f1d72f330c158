//! Numbers and dates as people type them.

/// A number in the way of any European language: `12.5`, `12,5`, `1 250`, `1.250,5`.
///
/// With two kinds of mark the last one begins the decimals. One kind of mark before groups of exactly
/// three digits groups thousands, unless the question asks for three decimals or more. `None` for anything
/// that is not plainly a number.
pub(super) fn number(text: &str, decimals: u8) -> Option<f64> {
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .collect();
    let (sign, digits) = match compact.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", compact.strip_prefix('+').unwrap_or(&compact)),
    };
    let is_sound = digits
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit());
    if !is_sound {
        return None;
    }
    let mark = digits.rfind(['.', ',']).and_then(|at| digits.get(at..=at));
    let plain = match mark {
        None => digits.to_owned(),
        Some(mark) => {
            let has_both = digits.contains('.') && digits.contains(',');
            let (whole, fraction) = digits.rsplit_once(mark)?;
            let other = if mark == "." { "," } else { "." };
            if has_both {
                is_grouped(whole, other)
                    .then(|| format!("{}.{fraction}", whole.replace(other, "")))?
            } else if is_grouped(digits, mark) && (whole.contains(mark) || decimals < 3) {
                digits.replace(mark, "")
            } else if whole.contains(mark) {
                return None;
            } else {
                format!("{whole}.{fraction}")
            }
        }
    };
    format!("{sign}{plain}").parse().ok()
}

/// Whether `mark` stands only before groups of three digits.
fn is_grouped(digits: &str, mark: &str) -> bool {
    let mut groups = digits.split(mark);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && first != "0" && groups.all(|group| group.len() == 3)
}

/// A day as `2026-05-31`, from that or from `31-5-2026`, `31/05/2026` or `31.5.2026`. Other text comes back
/// as it is, to be refused.
pub(super) fn date(text: &str) -> String {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    let number = |part: &str| {
        part.parse::<u16>()
            .ok()
            .filter(|_| part.bytes().all(|b| b.is_ascii_digit()))
    };
    if let [day, month, year] = parts.as_slice()
        && year.len() == 4
        && let (Some(day), Some(month), Some(year)) = (number(day), number(month), number(year))
    {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let cases = [
            ("12", 0, Some(12.0)),
            (" 12,5 ", 1, Some(12.5)),
            ("12.5", 1, Some(12.5)),
            ("-3", 0, Some(-3.0)),
            ("\u{2212}3,25", 2, Some(-3.25)),
            ("1.250", 0, Some(1250.0)),
            ("1,250", 2, Some(1250.0)),
            ("1.250", 3, Some(1.25)),
            ("0.250", 0, Some(0.25)),
            ("1 250,5", 1, Some(1250.5)),
            ("1.250.000", 0, Some(1_250_000.0)),
            ("1.250,75", 2, Some(1250.75)),
            ("1,250.75", 2, Some(1250.75)),
            ("1.25.5", 2, None),
            ("12,34,5.6", 2, None),
            ("twee", 0, None),
            ("1e5", 0, None),
            ("12.", 0, None),
            (",5", 1, None),
            ("inf", 0, None),
            ("", 0, None),
        ];
        for (text, decimals, expected) in cases {
            assert_eq!(
                number(text, decimals),
                expected,
                "{text} with {decimals} decimals"
            );
        }
    }

    #[test]
    fn dates_are_read_in_either_order() {
        for text in ["2026-05-31", "31-5-2026", " 31/05/2026", "31.5.2026"] {
            assert_eq!(date(text), "2026-05-31", "{text}");
        }
        assert_eq!(date("tomorrow"), "tomorrow");
        assert_eq!(date("31-5-26"), "31-5-26");
    }
}
