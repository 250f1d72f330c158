//! A form on a page, filled in as a person does: only what the form offers can be sent.

use scraper::{ElementRef, Selector};

/// A form and what has been filled in so far.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes: a path, or a whole address.
    pub action: String,
    /// `GET` or `POST`.
    pub method: String,
    controls: Vec<Control>,
    buttons: Vec<Button>,
}

#[derive(Clone, Debug)]
struct Control {
    name: String,
    value: String,
    kind: Kind,
    on: bool,
    label: String,
    legend: String,
    input_type: String,
    autocomplete: String,
    longest: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Hidden,
    Text,
    /// A radio button or an option of a simple list: one of its name at a time.
    OneOf,
    /// A checkbox or an option of a list that takes several.
    AnyOf,
}

#[derive(Clone, Debug)]
struct Button {
    name: Option<String>,
    value: String,
    label: String,
    action: Option<String>,
}

/// What a form sends: where, how and which pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submission {
    pub(super) action: String,
    pub(super) method: String,
    pub(super) fields: Vec<(String, String)>,
}

impl Form {
    pub(super) fn read(form: ElementRef<'_>, page: ElementRef<'_>, here: &str) -> Self {
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

    /// Types into a text field; what was there is replaced.
    #[track_caller]
    pub fn fill(&mut self, name: &str, text: &str) -> &mut Self {
        let found = self
            .controls
            .iter()
            .position(|control| control.name == name && control.kind == Kind::Text);
        self.fill_at(found, name, text)
    }

    /// Types into the first text field of this `type` (such as `email`) or with this `autocomplete` purpose.
    #[track_caller]
    pub fn fill_kind(&mut self, kind: &str, text: &str) -> &mut Self {
        let purpose = |control: &Control| {
            control
                .autocomplete
                .split_whitespace()
                .any(|word| word == kind)
        };
        let found = self.controls.iter().position(|control| {
            control.kind == Kind::Text && (control.input_type == kind || purpose(control))
        });
        self.fill_at(found, kind, text)
    }

    /// Types into the first text field whose label contains these words.
    #[track_caller]
    pub fn fill_labelled(&mut self, label: &str, text: &str) -> &mut Self {
        let found = self
            .controls
            .iter()
            .position(|control| control.kind == Kind::Text && control.asks(label));
        self.fill_at(found, label, text)
    }

    #[track_caller]
    fn fill_at(&mut self, found: Option<usize>, wanted: &str, text: &str) -> &mut Self {
        let Some(control) = found.and_then(|index| self.controls.get_mut(index)) else {
            panic!("no text field `{wanted}` among {:?}", self.names());
        };
        let length = text.chars().count();
        assert!(
            control.longest.is_none_or(|longest| length <= longest),
            "`{wanted}` takes no {length} characters"
        );
        text.clone_into(&mut control.value);
        self
    }

    /// Picks one option of a list or of radio buttons by its value.
    #[track_caller]
    pub fn choose(&mut self, name: &str, value: &str) -> &mut Self {
        let offered: Vec<&str> = self.offered(name, Kind::OneOf);
        assert!(
            offered.contains(&value),
            "`{name}` offers {offered:?}, not `{value}`; the form has {:?}",
            self.names()
        );
        for control in self
            .controls
            .iter_mut()
            .filter(|control| control.name == name)
        {
            control.on = control.value == value;
        }
        self
    }

    /// Picks the option with this label under the question whose words contain `question`.
    #[track_caller]
    pub fn choose_label(&mut self, question: &str, label: &str) -> &mut Self {
        let wanted = |control: &&Control| {
            control.kind == Kind::OneOf && control.asks(question) && control.label == label
        };
        let Some(control) = self.controls.iter().find(wanted) else {
            panic!(
                "no option `{label}` under `{question}`; the form asks {:?}",
                self.questions()
            );
        };
        let (name, value) = (control.name.clone(), control.value.clone());
        self.choose(&name, &value)
    }

    /// Ticks or clears one checkbox by its value.
    #[track_caller]
    pub fn tick(&mut self, name: &str, value: &str, on: bool) -> &mut Self {
        let offered: Vec<&str> = self.offered(name, Kind::AnyOf);
        assert!(
            offered.contains(&value),
            "`{name}` offers {offered:?}, not `{value}`; the form has {:?}",
            self.names()
        );
        for control in self
            .controls
            .iter_mut()
            .filter(|control| control.name == name && control.value == value)
        {
            control.on = on;
        }
        self
    }

    /// Leaves a question as if it had never been answered.
    pub fn clear(&mut self, name: &str) -> &mut Self {
        for control in self
            .controls
            .iter_mut()
            .filter(|control| control.name == name)
        {
            match control.kind {
                Kind::Text => control.value.clear(),
                Kind::OneOf | Kind::AnyOf => control.on = false,
                Kind::Hidden => {}
            }
        }
        self
    }

    /// The names of everything that a person can fill in, each once, in the order of the page.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for control in self
            .controls
            .iter()
            .filter(|control| control.kind != Kind::Hidden)
        {
            if !names.contains(&control.name.as_str()) {
                names.push(&control.name);
            }
        }
        names
    }

    /// The words of the questions (legends, or labels of lone fields), each once, in the order of the page.
    pub fn questions(&self) -> Vec<&str> {
        let mut questions: Vec<&str> = Vec::new();
        for control in self
            .controls
            .iter()
            .filter(|control| control.kind != Kind::Hidden)
        {
            let words = if control.legend.is_empty() {
                &control.label
            } else {
                &control.legend
            };
            if !questions.contains(&words.as_str()) {
                questions.push(words);
            }
        }
        questions
    }

    /// The values and labels that a list, radio buttons or checkboxes of this name offer.
    pub fn options(&self, name: &str) -> Vec<(&str, &str)> {
        let choices = self
            .controls
            .iter()
            .filter(|control| matches!(control.kind, Kind::OneOf | Kind::AnyOf));
        choices
            .filter(|control| control.name == name)
            .map(|control| (control.value.as_str(), control.label.as_str()))
            .collect()
    }

    /// What would be sent under this name.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.controls
            .iter()
            .filter(|control| control.on && control.name == name)
            .map(|control| control.value.as_str())
            .collect()
    }

    /// The labels of the buttons that send the form.
    pub fn buttons(&self) -> Vec<&str> {
        self.buttons
            .iter()
            .map(|button| button.label.as_str())
            .collect()
    }

    fn offered(&self, name: &str, kind: Kind) -> Vec<&str> {
        let of_name = self
            .controls
            .iter()
            .filter(|control| control.name == name && control.kind == kind);
        of_name.map(|control| control.value.as_str()).collect()
    }

    /// What pressing a button sends; without a label it is the first button, as for the Enter key.
    #[track_caller]
    pub(super) fn submission(&self, label: Option<&str>) -> Submission {
        let mut fields: Vec<(String, String)> = self
            .controls
            .iter()
            .filter(|control| control.on)
            .map(|control| (control.name.clone(), control.value.clone()))
            .collect();
        let pressed = self
            .buttons
            .iter()
            .find(|button| label.is_none_or(|label| button.label == label));
        assert!(
            pressed.is_some() || label.is_none(),
            "no button {label:?} among {:?}",
            self.buttons()
        );
        if let Some((button, name)) =
            pressed.and_then(|button| Some((button, button.name.clone()?)))
        {
            fields.push((name, button.value.clone()));
        }
        let action = pressed
            .and_then(|button| button.action.clone())
            .unwrap_or_else(|| self.action.clone());
        Submission {
            action,
            method: self.method.clone(),
            fields,
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

    fn asks(&self, words: &str) -> bool {
        let own = if self.legend.is_empty() {
            &self.label
        } else {
            &self.legend
        };
        own.contains(words) || (self.kind == Kind::Text && self.label.contains(words))
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
pub(super) fn words(element: ElementRef<'_>) -> String {
    element
        .text()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The elements below this one that a CSS selector finds, in the order of the page.
pub(super) fn find<'a>(below: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    let parsed = Selector::parse(selector);
    let parsed = parsed.unwrap_or_else(|error| panic!("`{selector}` is no selector: {error}"));
    below.select(&parsed).collect()
}
