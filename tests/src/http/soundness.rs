//! Faults of a page that its readers may never see and a screen reader stumbles over.

use std::collections::BTreeSet;

use scraper::Html;

use super::form::find;

/// Attributes whose value names other elements by their ids.
const REFERENCES: [&str; 5] = [
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "headers",
];

/// What is wrong with the markup: errors of the HTML parser, ids given twice, references to ids that are not there.
pub(super) fn flaws(html: &Html) -> Vec<String> {
    let mut flaws: Vec<String> = html
        .errors
        .iter()
        .map(|error| format!("not HTML: {error}"))
        .collect();
    let mut ids = BTreeSet::new();
    for element in find(html.root_element(), "[id]") {
        let id = element.attr("id").unwrap_or_default();
        if !ids.insert(id) {
            flaws.push(format!("the id `{id}` is given twice"));
        }
    }
    for name in REFERENCES {
        for element in find(html.root_element(), &format!("[{name}]")) {
            let wanted = element.attr(name).unwrap_or_default().split_whitespace();
            let missing = wanted.filter(|id| !ids.contains(id));
            flaws.extend(missing.map(|id| format!("`{name}` names `{id}`, which is not there")));
        }
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(body: &str) -> usize {
        flaws(&Html::parse_document(&format!(
            "<!doctype html><title>x</title>{body}"
        )))
        .len()
    }

    #[test]
    fn sound_markup_has_no_flaws() {
        assert_eq!(
            count("<h2 id=a>A</h2><section aria-labelledby='a'><p id=b>x</p></section>"),
            0
        );
    }

    #[test]
    fn planted_flaws_are_found() {
        for body in [
            "<p id=a>x</p><p id=a>y</p>",
            "<label for=gone>x</label>",
            "<p id=a>x</p><input aria-describedby='a gone'>",
            "<p>x</div>",
            "<table><p>x</p></table>",
        ] {
            assert!(count(body) > 0, "{body}");
        }
        assert!(!flaws(&Html::parse_document("<p>no doctype")).is_empty());
    }
}
