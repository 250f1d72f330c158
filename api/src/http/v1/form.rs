//! The form of a round, for an app that shows it itself.

use super::failures::{CheckingDocument, ReadingOne};
use super::framework::VersionView;
use super::round::{ModeView, StatusView};
use crate::error::Error;
use crate::http::cache::Held;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::{answers, round};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use survey_engine::answers::RawAnswers;
use survey_engine::questionnaire::{Form, Item, ItemKind, LanguageChain};
use utoipa::{IntoParams, ToSchema};

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FormQuery {
    /// A BCP 47 tag; where the questionnaire does not have that language the answer is in the one that stands in for it.
    #[param(example = "nl")]
    language: Option<String>,
}

/// A form as it is asked in a round, in one language.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormView {
    /// The round.
    #[schema(examples("autumn-2026"))]
    pub round: String,
    /// Where the round stands.
    pub status: StatusView,
    /// What the respondent is promised; show it before the first question.
    pub mode: ModeView,
    /// The questionnaire.
    pub questionnaire: VersionView,
    /// The form's identifier.
    #[schema(examples("parent"))]
    pub form: String,
    /// The group it is for.
    #[schema(examples("parent"))]
    pub group: String,
    /// The language of the texts.
    #[schema(examples("nl"))]
    pub language: String,
    /// The languages there are.
    pub languages: Vec<String>,
    /// Its title.
    pub title: String,
    /// What to say before the first question.
    pub introduction: String,
    /// Minutes it takes, rounded up.
    #[schema(examples(6))]
    pub minutes: u32,
    /// The modules that are asked, each fit for a page.
    pub modules: Vec<ModuleView>,
}

/// A part of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModuleView {
    /// Its code.
    #[schema(examples("PED"))]
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Its items.
    pub items: Vec<QuestionView>,
}

/// A question or statement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    /// Its identifier, under which it is answered.
    #[schema(examples("P.PED1a"))]
    pub id: String,
    /// `likert`, `single_choice`, `multiple_choice`, `ranking`, `number`, `date`, `short_text`, `long_text` or `rating`.
    #[schema(examples("likert"))]
    pub r#type: String,
    /// What the respondent reads.
    pub text: String,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether it has to be answered.
    pub required: bool,
    /// What can be chosen; the answer to a likert item is the position, counted from 1, to others the code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionView>,
    /// What can be said instead of an answer, sent as `{"missing": kind}`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<WayOutView>,
    /// Show the item only where this holds, as questionnaires write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_if: Option<serde_json::Value>,
    /// Limits of the answer: `minimum`, `maximum`, `decimals`, `earliest`, `latest`, `maxLength`, `minChoices`, `maxChoices`.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    #[schema(value_type = Object)]
    pub limits: serde_json::Map<String, serde_json::Value>,
}

/// Something that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptionView {
    /// Its code.
    #[schema(examples("strongly_agree"))]
    pub code: String,
    /// What the respondent reads.
    pub label: String,
}

/// Something that can be said instead of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct WayOutView {
    /// `dont_know`, `not_applicable` or `prefer_not_to_say`.
    #[schema(examples("dont_know"))]
    pub kind: String,
    /// What the respondent reads.
    pub label: String,
}

fn item(form: &Form, item: &Item, chain: &LanguageChain) -> QuestionView {
    QuestionView {
        id: item.id().to_owned(),
        r#type: item.kind().name().to_owned(),
        text: item.text().resolve(chain).to_owned(),
        help: item.help().map(|help| help.resolve(chain).to_owned()),
        required: item.required(),
        options: item
            .options()
            .iter()
            .map(|option| OptionView {
                code: option.code().to_owned(),
                label: option.label().resolve(chain).to_owned(),
            })
            .collect(),
        missing: item
            .missing()
            .iter()
            .map(|missing| WayOutView {
                kind: missing.kind().name().to_owned(),
                label: missing.label().resolve(chain).to_owned(),
            })
            .collect(),
        show_if: item
            .show_if()
            .map(|condition| form.condition_to_json(condition)),
        limits: limits(item.kind(), chain),
    }
}

fn limits(kind: &ItemKind, chain: &LanguageChain) -> serde_json::Map<String, serde_json::Value> {
    let mut limits = serde_json::Map::new();
    let mut put = |name: &str, value: Option<serde_json::Value>| {
        if let Some(value) = value {
            limits.insert(name.to_owned(), value);
        }
    };
    match kind {
        ItemKind::MultipleChoice {
            min_choices,
            max_choices,
            ..
        } => {
            put("minChoices", min_choices.map(Into::into));
            put("maxChoices", max_choices.map(Into::into));
        }
        ItemKind::Number {
            minimum,
            maximum,
            decimals,
        } => {
            put("minimum", minimum.map(Into::into));
            put("maximum", maximum.map(Into::into));
            put("decimals", Some((*decimals).into()));
        }
        ItemKind::Date { earliest, latest } => {
            put("earliest", earliest.map(|day| day.to_string().into()));
            put("latest", latest.map(|day| day.to_string().into()));
        }
        ItemKind::ShortText { max_length } | ItemKind::LongText { max_length } => {
            put("maxLength", Some((*max_length).into()));
        }
        ItemKind::Rating {
            low_label,
            high_label,
        } => {
            put("minimum", Some(0.into()));
            put("maximum", Some(10.into()));
            let label = |text: &Option<survey_engine::questionnaire::LocalizedText>| {
                text.as_ref().map(|text| text.resolve(chain).into())
            };
            put("lowLabel", label(low_label));
            put("highLabel", label(high_label));
        }
        ItemKind::Likert { .. } | ItemKind::SingleChoice { .. } | ItemKind::Ranking { .. } => {}
    }
    limits
}

/// Get a form of a round.
///
/// The modules that this round asks, in one language, ready to be shown. It changes only with the round's status.
#[utoipa::path(
    tag = "Answers",
    security(("clientCredentials" = ["rounds:read"])),
    params(
        ("round" = String, Path, description = "Code of the round.", example = "autumn-2026"),
        ("form" = String, Path, description = "Identifier of the form.", example = "parent"),
        FormQuery,
        Held,
    ),
    responses(
        (status = 200, description = "The form.", body = FormView,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"round": "autumn-2026", "status": "open", "mode": "anonymous", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "form": "parent", "group": "parent", "language": "en", "languages": ["en", "nl"], "title": "For parents and carers", "introduction": "Tell us how school is going.", "minutes": 6, "modules": [{"code": "PED", "title": "Teaching and learning", "description": null, "items": [{"id": "P.PED1a", "type": "likert", "text": "My child's lessons fit what my child needs.", "required": false, "options": [{"code": "strongly_disagree", "label": "Strongly disagree"}, {"code": "disagree", "label": "Disagree"}, {"code": "neutral", "label": "Neither"}, {"code": "agree", "label": "Agree"}, {"code": "strongly_agree", "label": "Strongly agree"}], "missing": [{"kind": "dont_know", "label": "I don't know"}]}]}]})),
        (status = 304, description = "You have it already (`If-None-Match`)."),
        ReadingOne,
    )
)]
#[get("/rounds/{round}/forms/{form}")]
pub async fn get_form(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
    query: web::Query<FormQuery>,
) -> Result<HttpResponse, ApiError> {
    let (code, id) = path.into_inner();
    let (round, instrument) = round::with_instrument(&app(&request)?, &caller.0, &code).await?;
    let (group, _) = round
        .form_plan(&id)
        .ok_or_else(|| Error::not_found("form", id.as_str()))?;
    let (form, _) = instrument.form(&id)?;
    let selection = round.selection(&instrument, &id)?;
    let questionnaire = &instrument.questionnaire;
    let chain = questionnaire.chain(query.language.as_deref().unwrap_or_default());
    let view = FormView {
        round: round.code.clone(),
        status: round.status.into(),
        mode: round.mode.into(),
        questionnaire: round.questionnaire.clone().into(),
        form: id.clone(),
        group: group.to_owned(),
        language: chain.chosen().as_str().to_owned(),
        languages: questionnaire
            .languages()
            .iter()
            .map(|language| language.as_str().to_owned())
            .collect(),
        title: form.title().resolve(&chain).to_owned(),
        introduction: form.introduction().resolve(&chain).to_owned(),
        minutes: form.estimated_minutes(&selection),
        modules: form
            .modules()
            .iter()
            .filter(|module| selection.includes(module.code()))
            .map(|module| ModuleView {
                code: module.code().to_owned(),
                title: module.title().resolve(&chain).to_owned(),
                description: module
                    .description()
                    .map(|text| text.resolve(&chain).to_owned()),
                items: module
                    .items()
                    .iter()
                    .map(|one| item(form, one, &chain))
                    .collect(),
            })
            .collect(),
    };
    let document = serde_json::to_string(&view).map_err(Error::internal)?;
    Ok(crate::http::cache::document(
        &request,
        &document,
        "private, no-cache",
    ))
}

/// Answers to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answers": {"P.PED1a": 4, "P.PED1b": {"missing": "dont_know"}}}))]
pub struct AnswersRequest {
    /// Answers by item, as `POST /api/v1/responses` takes them.
    #[schema(value_type = Object)]
    pub answers: RawAnswers,
}

/// Answers that fit their form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FitView {
    /// Always `true`: answers that do not fit are told as a problem.
    #[schema(examples(true))]
    pub valid: bool,
    /// Questions that are answered, not counting the ways out.
    #[schema(examples(1))]
    pub answered: usize,
}

/// Check answers without storing them.
///
/// Holds answers against a form of a round exactly as sending them would, with every problem at once and a pointer to the item. Nothing is
/// stored or remembered, no link is needed, and the round need not be open: for an app that is being built, and before an import.
#[utoipa::path(
    tag = "Answers",
    security(("clientCredentials" = ["rounds:read"])),
    params(
        ("round" = String, Path, description = "Code of the round.", example = "autumn-2026"),
        ("form" = String, Path, description = "Identifier of the form.", example = "parent"),
    ),
    request_body(content = AnswersRequest, description = "The answers."),
    responses(
        (status = 200, description = "The answers fit.", body = FitView, example = json!({"valid": true, "answered": 1})),
        CheckingDocument,
    )
)]
#[post("/rounds/{round}/forms/{form}/validate")]
pub async fn validate_answers(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
    body: web::Json<AnswersRequest>,
) -> Result<HttpResponse, ApiError> {
    let (round, form) = path.into_inner();
    let app = app(&request)?;
    let answered = answers::try_out(&app, &caller.0, &round, &form, &body.answers).await?;
    Ok(HttpResponse::Ok().json(FitView {
        valid: true,
        answered,
    }))
}
