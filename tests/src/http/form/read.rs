//! How a form is read from a page.

use scraper::{ElementRef, Selector};

use super::{Button, Control, Form, Kind};

impl Form {
    pub(in crate::http) fn read(form: ElementRef<'_>, page: ElementRef<'_>, here: &str) -> Self {
        let mut controls = Vec::new();
        let mut buttons = Vec::new();
        for element in find(form, "input, textarea, select, button") {
            if is_disabled(element) {
                continue;
            }
            match element.value().name() {
                "select" => controls.extend(options(element, page)),
                "button" if element.attr("type").is_none_or(|kind| kind == "submit") => {
                    buttons.push(Button::read(element));
                }
                "button" => {}
                _ if matches!(element.attr("type"), Some("submit" | "image")) => {
                    buttons.push(Button::read(element));
                }
                _ if matches!(element.attr("type"), Some("button" | "reset" | "file")) => {}
                _ => controls.extend(Control::read(element, page)),
            }
        }
        let method = form.attr("method").unwrap_or("get").to_uppercase();
        let action = form
            .attr("action")
            .filter(|action| !action.is_empty())
            .unwrap_or(here);
        Self {
            action: action.to_owned(),
            method,
            controls,
            buttons,
        }
    }
}

impl Control {
    fn read(element: ElementRef<'_>, page: ElementRef<'_>) -> Option<Self> {
        let name = element.attr("name").filter(|name| !name.is_empty())?;
        let area = element.value().name() == "textarea";
        let input_type = if area {
            "textarea"
        } else {
            element.attr("type").unwrap_or("text")
        };
        let kind = match input_type {
            "hidden" => Kind::Hidden,
            "radio" => Kind::OneOf,
            "checkbox" => Kind::AnyOf,
            _ => Kind::Text,
        };
        let choice = matches!(kind, Kind::OneOf | Kind::AnyOf);
        let value = match element.attr("value") {
            _ if area => element.text().collect::<String>(),
            Some(value) => value.to_owned(),
            None if choice => "on".to_owned(),
            None => String::new(),
        };
        Some(Self {
            name: name.to_owned(),
            value,
            kind,
            on: !choice || element.attr("checked").is_some(),
            label: label(element, page),
            legend: legend(element),
            input_type: input_type.to_owned(),
            autocomplete: element.attr("autocomplete").unwrap_or_default().to_owned(),
            longest: element.attr("maxlength").and_then(|text| text.parse().ok()),
        })
    }
}

impl Button {
    fn read(element: ElementRef<'_>) -> Self {
        let value = element.attr("value").unwrap_or_default().to_owned();
        let label = if element.value().name() == "button" {
            words(element)
        } else {
            value.clone()
        };
        Self {
            name: element.attr("name").map(str::to_owned),
            value,
            label,
            action: element.attr("formaction").map(str::to_owned),
        }
    }
}

fn options(select: ElementRef<'_>, page: ElementRef<'_>) -> Vec<Control> {
    let Some(name) = select.attr("name") else {
        return Vec::new();
    };
    let several = select.attr("multiple").is_some();
    let question = match legend(select) {
        text if text.is_empty() => label(select, page),
        text => text,
    };
    let found = find(select, "option")
        .into_iter()
        .filter(|option| option.attr("disabled").is_none());
    let mut controls: Vec<Control> = found
        .map(|option| Control {
            name: name.to_owned(),
            value: option
                .attr("value")
                .map_or_else(|| words(option), str::to_owned),
            kind: if several { Kind::AnyOf } else { Kind::OneOf },
            on: option.attr("selected").is_some(),
            label: words(option),
            legend: question.clone(),
            input_type: "select".to_owned(),
            autocomplete: String::new(),
            longest: None,
        })
        .collect();
    // A browser shows the first option of a simple list when none is selected, and sends it.
    if !several
        && !controls.iter().any(|control| control.on)
        && let Some(first) = controls.first_mut()
    {
        first.on = true;
    }
    controls
}

fn is_disabled(element: ElementRef<'_>) -> bool {
    let fieldsets = element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .filter(|above| above.value().name() == "fieldset");
    element.attr("disabled").is_some()
        || fieldsets
            .into_iter()
            .any(|above| above.attr("disabled").is_some())
}

fn label(element: ElementRef<'_>, page: ElementRef<'_>) -> String {
    let around = element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|above| above.value().name() == "label");
    let named = element.attr("id").and_then(|id| {
        let id = id.to_owned();
        find(page, "label")
            .into_iter()
            .find(|label| label.attr("for") == Some(id.as_str()))
    });
    named
        .or(around)
        .map(words)
        .or_else(|| element.attr("aria-label").map(str::to_owned))
        .unwrap_or_default()
}

fn legend(element: ElementRef<'_>) -> String {
    let fieldset = element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|above| above.value().name() == "fieldset");
    fieldset
        .and_then(|fieldset| find(fieldset, "legend").into_iter().next())
        .map(words)
        .unwrap_or_default()
}

/// The text of an element with single spaces.
pub(in crate::http) fn words(element: ElementRef<'_>) -> String {
    element
        .text()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The elements below this one that a CSS selector finds, in the order of the page.
pub(in crate::http) fn find<'a>(below: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    let parsed = Selector::parse(selector);
    let parsed = parsed.unwrap_or_else(|error| panic!("`{selector}` is no selector: {error}"));
    below.select(&parsed).collect()
}
