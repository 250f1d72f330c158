//! Reads forms and checks what can be checked only when all items of a form are known.

use std::collections::BTreeMap;

use super::condition::{Known, condition};
use super::item::{Context, Draft, item};
use super::name::{Name, Unique};
use super::place::Place;
use crate::questionnaire::finding::{Findings, join};
use crate::questionnaire::form::FormHead;
use crate::questionnaire::{Condition, Form, ItemKind, LocalizedText, Module, limits};
use crate::scoring::MAX_SCALE_ITEMS;

/// A module as far as it could be read.
struct ModuleDraft<'d> {
    code: Option<String>,
    title: Option<LocalizedText>,
    description: Option<LocalizedText>,
    default: Option<bool>,
    items: Vec<Draft<'d>>,
}

/// Reads one form.
pub(super) fn form(
    place: &Place<'_>,
    ids: &mut Unique,
    context: Context<'_>,
    findings: &mut Findings,
) -> Option<Form> {
    let mut object = place.object(findings)?;
    let id = object
        .required("id", findings)
        .and_then(|place| ids.read(Name::Slug, &place, findings));
    let group = object
        .required("group", findings)
        .and_then(|place| Name::Slug.read(&place, findings));
    let title = context.texts.required(&mut object, "title", findings);
    let introduction = context
        .texts
        .required(&mut object, "introduction", findings);
    let modules = object
        .required("modules", findings)
        .and_then(|place| modules(&place, context, findings));
    object.close(findings);

    let drafts = modules.unwrap_or_default();
    let items: Vec<&Draft<'_>> = drafts.iter().flat_map(|module| &module.items).collect();
    if items.len() > limits::ITEMS_PER_FORM {
        let detail = format!(
            "The form has {} items; use at most {}.",
            items.len(),
            limits::ITEMS_PER_FORM
        );
        findings.add(join(place.pointer(), "modules"), "too_many", detail);
    }
    check_indicators(&items, group.as_deref(), context, findings);
    check_scales(&items, findings);
    let conditions = conditions(&items, findings);

    let head = FormHead {
        id: id?,
        group: group?,
        title: title?,
        introduction: introduction?,
    };
    Some(Form::new(head, assemble(drafts, conditions)?))
}

fn modules<'d>(
    place: &Place<'d>,
    context: Context<'_>,
    findings: &mut Findings,
) -> Option<Vec<ModuleDraft<'d>>> {
    let (mut codes, mut item_ids) = (Unique::default(), Unique::default());
    let places = place.list(&limits::MODULES_PER_FORM, findings)?;
    let modules: Vec<_> = places
        .iter()
        .filter_map(|place| module(place, &mut codes, &mut item_ids, context, findings))
        .collect();
    if !modules.is_empty() && modules.iter().all(|module| module.default == Some(false)) {
        let detail = "No module is asked by default; set `default` to true in at least one.";
        findings.add(place.pointer(), "no_default_module", detail);
    }
    Some(modules)
}

fn module<'d>(
    place: &Place<'d>,
    codes: &mut Unique,
    item_ids: &mut Unique,
    context: Context<'_>,
    findings: &mut Findings,
) -> Option<ModuleDraft<'d>> {
    let mut object = place.object(findings)?;
    let code = object
        .required("code", findings)
        .and_then(|place| codes.read(Name::Code, &place, findings));
    let title = context.texts.required(&mut object, "title", findings);
    let description = context.texts.optional(&mut object, "description", findings);
    let default = object
        .required("default", findings)
        .and_then(|place| place.boolean(findings));
    let places = object
        .required("items", findings)
        .and_then(|place| place.list(&limits::ITEMS_PER_MODULE, findings));
    let places = places.unwrap_or_default();
    let items = places
        .iter()
        .filter_map(|place| item(place, item_ids, context, findings))
        .collect();
    object.close(findings);
    Some(ModuleDraft {
        code,
        title,
        description,
        default,
        items,
    })
}

/// Every indicator exists in the framework and can be seen by the group that is asked.
fn check_indicators(
    items: &[&Draft<'_>],
    group: Option<&str>,
    context: Context<'_>,
    findings: &mut Findings,
) {
    let Some(framework) = context.framework else {
        return;
    };
    for draft in items {
        let (Some(place), Some(code)) = (&draft.indicator, draft.indicator_code()) else {
            continue;
        };
        let Some(indicator) = framework.indicator(code) else {
            let detail = format!(
                "Framework `{}` has no indicator `{code}`; use one of its codes.",
                framework.id()
            );
            findings.add(place.pointer(), "unknown_indicator", detail);
            continue;
        };
        if let Some(group) =
            group.filter(|group| !indicator.groups.iter().any(|seeing| seeing == group))
        {
            let detail = format!(
                "Indicator `{code}` is not one that group `{group}` can see; ask another group, use another \
                 indicator, or add the group to it in the framework."
            );
            findings.add(place.pointer(), "indicator_not_for_group", detail);
        }
    }
}

/// What the first item of a scale lays down for the others.
struct Scale<'d> {
    range: (u8, u8),
    module: &'d str,
    items: usize,
}

/// Items of one scale have one range, lie in one module and are not too many; and only items of a scale are reversed.
fn check_scales(items: &[&Draft<'_>], findings: &mut Findings) {
    let mut scales: BTreeMap<&str, Scale<'_>> = BTreeMap::new();
    for draft in items {
        let Some(kind) = &draft.kind else { continue };
        let range = kind.value_range();
        if draft.reversed && (range.is_none() || draft.indicator.is_none()) {
            let detail = "Only likert and rating items with an indicator can be reversed; remove `reversed` or add one.";
            findings.add(
                join(&draft.pointer, "reversed"),
                "reversed_without_scale",
                detail,
            );
        }
        let (Some(indicator), Some((lo, hi))) = (draft.indicator_code(), range) else {
            continue;
        };
        // The pointer of an item begins with that of its module.
        let module = draft
            .pointer
            .rsplit_once("/items/")
            .map_or("", |(module, _)| module);
        let scale = scales.entry(indicator).or_insert(Scale {
            range: (lo, hi),
            module,
            items: 0,
        });
        scale.items += 1;
        let (first_lo, first_hi) = scale.range;
        if scale.range != (lo, hi) {
            let detail = format!(
                "Values run from {lo} to {hi}, but earlier items of indicator `{indicator}` in this form run from \
                 {first_lo} to {first_hi}; give all of them the same range."
            );
            findings.add(&draft.pointer, "mixed_scale_range", detail);
        }
        if scale.module != module {
            let detail = format!(
                "Earlier items of indicator `{indicator}` are in another module ({}). A round may ask one module and not the \
                 other, so keep the items of an indicator together.",
                scale.module
            );
            findings.add(&draft.pointer, "scale_across_modules", detail);
        }
        if scale.items == MAX_SCALE_ITEMS + 1 {
            let detail = format!(
                "Indicator `{indicator}` has more than {MAX_SCALE_ITEMS} items in this form; leave some out."
            );
            findings.add(&draft.pointer, "scale_too_long", detail);
        }
    }
}

/// The condition of each item; nothing for items that are always shown.
fn conditions(items: &[&Draft<'_>], findings: &mut Findings) -> Vec<Option<Condition>> {
    let mut known: BTreeMap<&str, (usize, Option<&ItemKind>)> = BTreeMap::new();
    for (index, draft) in items.iter().enumerate() {
        if let Some(id) = &draft.id {
            known.entry(id).or_insert((index, draft.kind.as_ref()));
        }
    }
    let condition_of = |(index, draft): (usize, &&Draft<'_>)| {
        condition(
            draft.show_if.as_ref()?,
            Known {
                items: &known,
                asking: index,
            },
            findings,
        )
    };
    items.iter().enumerate().map(condition_of).collect()
}

/// The modules, if every part of them could be read.
fn assemble(
    drafts: Vec<ModuleDraft<'_>>,
    conditions: Vec<Option<Condition>>,
) -> Option<Vec<Module>> {
    let mut conditions = conditions.into_iter();
    let module = |draft: ModuleDraft<'_>| {
        let items: Option<Vec<_>> = draft
            .items
            .into_iter()
            .map(|item| item.finish(conditions.next().flatten()))
            .collect();
        Some(Module {
            code: draft.code?,
            title: draft.title?,
            description: draft.description,
            default: draft.default?,
            items: items?,
        })
    };
    drafts.into_iter().map(module).collect()
}
