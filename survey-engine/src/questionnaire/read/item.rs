//! Reads items, all but their conditions: those need the items before them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::localized::Texts;
use super::name::{Name, Unique};
use super::options;
use super::place::{Object, Place};
use crate::questionnaire::finding::Findings;
use crate::questionnaire::{
    ChoiceOption, Condition, Framework, Item, ItemKind, LocalizedText, MissingOption, ResponseSet,
    limits,
};

/// What items refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'c> {
    pub(super) texts: Texts<'c>,
    /// By name; nothing for a set that could not be read.
    pub(super) response_sets: &'c BTreeMap<String, Option<ResponseSet>>,
    /// Nothing if the questionnaire belongs to another framework.
    pub(super) framework: Option<&'c Framework>,
}

/// An item as far as it could be read.
#[derive(Debug)]
pub(super) struct Draft<'d> {
    pub(super) pointer: String,
    pub(super) id: Option<String>,
    pub(super) kind: Option<ItemKind>,
    pub(super) indicator: Option<Place<'d>>,
    pub(super) reversed: bool,
    pub(super) show_if: Option<Place<'d>>,
    text: Option<LocalizedText>,
    help: Option<LocalizedText>,
    indicator_code: Option<String>,
    required: bool,
    missing: Vec<MissingOption>,
    response_set: Option<String>,
}

impl Draft<'_> {
    pub(super) fn indicator_code(&self) -> Option<&str> {
        self.indicator_code.as_deref()
    }

    /// The item, if every part of it could be read. Its form numbers it.
    pub(super) fn finish(self, show_if: Option<Condition>) -> Option<Item> {
        Some(Item {
            index: 0,
            id: self.id?,
            kind: self.kind?,
            text: self.text?,
            help: self.help,
            indicator: self.indicator_code,
            reversed: self.reversed,
            required: self.required,
            show_if,
            missing: self.missing,
            response_set: self.response_set,
        })
    }
}

/// Reads one item.
pub(super) fn item<'d>(
    place: &Place<'d>,
    ids: &mut Unique,
    context: Context<'_>,
    findings: &mut Findings,
) -> Option<Draft<'d>> {
    let mut object = place.object(findings)?;
    let id = object
        .required("id", findings)
        .and_then(|place| ids.read(Name::Code, &place, findings));
    let kind_name = object.required("type", findings).and_then(|place| {
        place.word(
            "unknown_type",
            &ItemKind::NAMES,
            |word| ItemKind::NAMES.into_iter().find(|name| *name == word),
            findings,
        )
    });
    let text = context.texts.required(&mut object, "text", findings);
    let help = context.texts.optional(&mut object, "help", findings);
    let indicator = object.optional("indicator");
    let indicator_code = indicator
        .as_ref()
        .and_then(|place| Name::Code.read(place, findings));
    let mut flag = |key| {
        object
            .optional(key)
            .and_then(|place| place.boolean(findings))
            .unwrap_or_default()
    };
    let (reversed, required) = (flag("reversed"), flag("required"));
    let show_if = object.optional("showIf");
    let mut particulars = Particulars {
        object: &mut object,
        context,
        findings,
        missing: Vec::new(),
        response_set: None,
    };
    let kind = match kind_name {
        Some(name) => particulars.kind(name),
        None => particulars.pass(),
    };
    let Particulars {
        missing,
        response_set,
        ..
    } = particulars;
    object.close(findings);
    let pointer = place.pointer().to_owned();
    Some(Draft {
        pointer,
        id,
        kind,
        indicator,
        reversed,
        show_if,
        text,
        help,
        indicator_code,
        required,
        missing,
        response_set,
    })
}

/// Reads the keys that only some types of items have.
struct Particulars<'p, 'd> {
    object: &'p mut Object<'d>,
    context: Context<'p>,
    findings: &'p mut Findings,
    missing: Vec<MissingOption>,
    response_set: Option<String>,
}

impl Particulars<'_, '_> {
    /// Without a type it cannot be said which keys are too many.
    fn pass(&mut self) -> Option<ItemKind> {
        self.object.permit(&[
            "responseSet",
            "options",
            "missing",
            "minChoices",
            "maxChoices",
            "minimum",
            "maximum",
        ]);
        self.object.permit(&[
            "decimals",
            "earliest",
            "latest",
            "maxLength",
            "lowLabel",
            "highLabel",
        ]);
        None
    }

    fn kind(&mut self, name: &str) -> Option<ItemKind> {
        match name {
            "likert" => Some(ItemKind::Likert {
                options: self.choices(&limits::LIKERT_OPTIONS)?,
            }),
            "single_choice" => Some(ItemKind::SingleChoice {
                options: self.choices(&limits::SINGLE_CHOICE_OPTIONS)?,
            }),
            "multiple_choice" => self.multiple_choice(),
            "ranking" => Some(ItemKind::Ranking {
                options: self.choices(&limits::RANKING_OPTIONS)?,
            }),
            other => {
                self.missing = self.inline_missing();
                self.open_kind(other)
            }
        }
    }

    /// The types without options.
    fn open_kind(&mut self, name: &str) -> Option<ItemKind> {
        match name {
            "number" => Some(self.number()),
            "date" => Some(self.date()),
            "short_text" => {
                let max_length = self
                    .whole("maxLength", &limits::SHORT_TEXT)
                    .unwrap_or(limits::SHORT_TEXT_DEFAULT);
                Some(ItemKind::ShortText { max_length })
            }
            "long_text" => {
                let max_length = self
                    .whole("maxLength", &limits::LONG_TEXT)
                    .unwrap_or(limits::LONG_TEXT_DEFAULT);
                Some(ItemKind::LongText { max_length })
            }
            "rating" => Some(ItemKind::Rating {
                low_label: self
                    .context
                    .texts
                    .optional(self.object, "lowLabel", self.findings),
                high_label: self
                    .context
                    .texts
                    .optional(self.object, "highLabel", self.findings),
            }),
            _ => None,
        }
    }

    fn inline_missing(&mut self) -> Vec<MissingOption> {
        let place = self.object.optional("missing");
        place
            .map(|place| options::missing(&place, self.context.texts, self.findings))
            .unwrap_or_default()
    }

    fn whole(&mut self, key: &'static str, limits: &RangeInclusive<u16>) -> Option<u16> {
        self.object.optional(key)?.whole(limits, self.findings)
    }

    /// Options and ways out, from a named response set or written out in the item.
    fn choices(&mut self, count: &RangeInclusive<usize>) -> Option<Vec<ChoiceOption>> {
        let named = self.object.optional("responseSet");
        let inline = self.object.optional("options");
        if let Some(named) = named {
            for place in [&inline, &self.object.optional("missing")]
                .into_iter()
                .flatten()
            {
                let detail = "The item takes its options from a response set; remove this or the key `responseSet`.";
                self.findings
                    .add(place.pointer(), "conflicting_keys", detail);
            }
            // Given both, it cannot be said which options conditions are to be held against.
            return self
                .named_choices(&named, count)
                .filter(|_| inline.is_none());
        }
        self.missing = self.inline_missing();
        let Some(inline) = inline else {
            let detail = "The item has nothing to choose from; add the key `responseSet` or the key `options`.";
            self.findings
                .add(self.object.pointer(), "missing_key", detail);
            return None;
        };
        options::options(&inline, count, self.context.texts, self.findings)
    }

    fn named_choices(
        &mut self,
        place: &Place<'_>,
        count: &RangeInclusive<usize>,
    ) -> Option<Vec<ChoiceOption>> {
        let name = Name::Code.read(place, self.findings)?;
        let Some(set) = self.context.response_sets.get(&name) else {
            let detail = format!(
                "There is no response set `{name}`; add it under `responseSets` or use another."
            );
            self.findings
                .add(place.pointer(), "unknown_response_set", detail);
            return None;
        };
        let set = set.as_ref()?;
        super::place::check_count(place.pointer(), set.options.len(), count, self.findings);
        self.missing.clone_from(&set.missing);
        self.response_set = Some(name);
        Some(set.options.clone())
    }

    fn multiple_choice(&mut self) -> Option<ItemKind> {
        let options = self.choices(&limits::MULTIPLE_CHOICE_OPTIONS);
        let most = options
            .as_ref()
            .map_or(*limits::MULTIPLE_CHOICE_OPTIONS.end(), Vec::len);
        let limits = 1..=u16::try_from(most).unwrap_or(u16::MAX);
        let min_choices = self.whole("minChoices", &limits);
        let max_choices = self.whole("maxChoices", &limits);
        self.ordered(min_choices, max_choices, "minChoices", "maxChoices");
        let byte = |count: u16| u8::try_from(count).ok();
        Some(ItemKind::MultipleChoice {
            options: options?,
            min_choices: min_choices.and_then(byte),
            max_choices: max_choices.and_then(byte),
        })
    }

    fn number(&mut self) -> ItemKind {
        let mut bound = |key| {
            self.object
                .optional(key)
                .and_then(|place| place.number(self.findings))
        };
        let (minimum, maximum) = (bound("minimum"), bound("maximum"));
        let decimals = self
            .whole("decimals", &limits::DECIMALS)
            .unwrap_or_default();
        self.ordered(minimum, maximum, "minimum", "maximum");
        ItemKind::Number {
            minimum,
            maximum,
            decimals: u8::try_from(decimals).unwrap_or_default(),
        }
    }

    fn date(&mut self) -> ItemKind {
        let mut bound = |key| {
            self.object
                .optional(key)
                .and_then(|place| place.date(self.findings))
        };
        let (earliest, latest) = (bound("earliest"), bound("latest"));
        self.ordered(earliest, latest, "earliest", "latest");
        ItemKind::Date { earliest, latest }
    }

    fn ordered<T: PartialOrd>(
        &mut self,
        low: Option<T>,
        high: Option<T>,
        low_key: &str,
        high_key: &str,
    ) {
        if low.zip(high).is_some_and(|(low, high)| low > high) {
            let detail = format!(
                "`{low_key}` is larger than `{high_key}`, so nothing is accepted; swap them."
            );
            self.findings
                .add(self.object.pointer(), "bounds_crossed", detail);
        }
    }
}
