//! Whole numbers written as an expression in one variable, such as `(leaf - 1) div 3 + 1`.

use std::iter::Peekable;

type Words = Peekable<std::vec::IntoIter<String>>;

/// The value of `text` where the variable `leaf`, which may also go by the name of its column, has the value `leaf`; an error unless it is a whole number.
///
/// `+ - * /`, brackets, `floor(..)`, `ceiling(..)` and `int(..)`, and division with rest in the spellings of Pascal, Python and R.
pub(crate) fn whole(text: &str, column: &str, leaf: f64) -> Result<i64, String> {
    let about = |problem: String| format!("{text:?}: {problem}");
    let mut words = words(text).map_err(about)?;
    for word in words.iter_mut().filter(|word| *word == column) {
        "leaf".clone_into(word);
    }
    let mut words = words.into_iter().peekable();
    let value = sum(&mut words, leaf).map_err(about)?;
    if let Some(word) = words.next() {
        return Err(about(format!("unexpected {word:?}")));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 1e9")]
    let whole = (value.fract() == 0.0 && value.abs() < 1e9).then_some(value as i64);
    whole.ok_or_else(|| about(format!("{value} is no whole number")))
}

/// Numbers, names, and the longest operators that fit.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = if is_word(first) {
            rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
        } else {
            let known = ["%/%", "%%", "//", "+", "-", "*", "/", "%", "(", ")"];
            let found = known.iter().find(|operator| rest.starts_with(**operator));
            found.ok_or_else(|| format!("unexpected {first:?}"))?.len()
        };
        words.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

fn sum(words: &mut Words, leaf: f64) -> Result<f64, String> {
    let mut value = product(words, leaf)?;
    while let Some(operator) = words.next_if(|word| word == "+" || word == "-") {
        let other = product(words, leaf)?;
        value += if operator == "+" { other } else { -other };
    }
    Ok(value)
}

fn product(words: &mut Words, leaf: f64) -> Result<f64, String> {
    const OPERATORS: [&str; 8] = ["*", "/", "div", "//", "%/%", "mod", "%", "%%"];
    let mut value = single(words, leaf)?;
    while let Some(operator) = words.next_if(|word| OPERATORS.contains(&word.as_str())) {
        let other = single(words, leaf)?;
        value = match operator.as_str() {
            "*" => value * other,
            _ if other == 0.0 => return Err("division by 0".to_owned()),
            "/" => value / other,
            "div" | "//" | "%/%" => (value / other).floor(),
            _ => value - other * (value / other).floor(),
        };
    }
    Ok(value)
}

fn single(words: &mut Words, leaf: f64) -> Result<f64, String> {
    let word = words.next().ok_or("it ends too early")?;
    match word.as_str() {
        "-" => Ok(-single(words, leaf)?),
        "leaf" => Ok(leaf),
        "(" => {
            let value = sum(words, leaf)?;
            let end = words.next_if(|word| word == ")");
            end.map(|_| value).ok_or_else(|| "no )".to_owned())
        }
        "floor" => Ok(single(words, leaf)?.floor()),
        "int" | "trunc" => Ok(single(words, leaf)?.trunc()),
        "ceil" | "ceiling" => Ok(single(words, leaf)?.ceil()),
        number => number
            .parse::<u32>()
            .map(f64::from)
            .map_err(|_| format!("{number:?} is not known")),
    }
}
