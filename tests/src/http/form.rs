//! A form on a page, filled in as a person does: only what the form offers can be sent.

mod read;

pub(super) use read::{find, words};

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

/// How a form is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press<'a> {
    /// The Enter key, which presses the first button of the form.
    Enter,
    /// The button with exactly these words.
    Label(&'a str),
    /// The button with this value, whatever its words in whatever language.
    Value(&'a str),
}

/// What a form sends: where, how and which pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submission {
    pub(super) action: String,
    pub(super) method: String,
    pub(super) fields: Vec<(String, String)>,
}

impl Form {
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

    /// The pairs that pressing a button sends.
    #[track_caller]
    pub fn pairs(&self, press: Press<'_>) -> Vec<(String, String)> {
        self.submission(press).fields
    }

    /// What pressing a button sends.
    #[track_caller]
    pub(super) fn submission(&self, press: Press<'_>) -> Submission {
        let mut fields: Vec<(String, String)> = self
            .controls
            .iter()
            .filter(|control| control.on)
            .map(|control| (control.name.clone(), control.value.clone()))
            .collect();
        let meant = |button: &&Button| match press {
            Press::Enter => true,
            Press::Label(label) => button.label == label,
            Press::Value(value) => button.value == value,
        };
        let pressed = self.buttons.iter().find(meant);
        assert!(
            pressed.is_some() || press == Press::Enter,
            "no button {press:?} among {:?}",
            self.buttons
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
    fn asks(&self, words: &str) -> bool {
        let own = if self.legend.is_empty() {
            &self.label
        } else {
            &self.legend
        };
        own.contains(words) || (self.kind == Kind::Text && self.label.contains(words))
    }
}
