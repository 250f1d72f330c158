//! Stakeholder groups.

use super::failures::{Reading, Storing};
use super::text::TextByLanguage;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::Texts;
use crate::service::organisation::{self, Group, Protection};
use actix_web::{HttpRequest, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a group needs by way of protection.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProtectionView {
    /// Figures from five people on, inside a school; from ten in anything wider.
    Adult,
    /// Figures from ten people on, everywhere.
    Child,
}

/// A stakeholder group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// Its code, which forms refer to.
    #[schema(examples("parent"))]
    pub code: String,
    /// Its title, per language.
    #[schema(value_type = TextByLanguage)]
    pub title: Texts,
    /// What it needs by way of protection.
    pub protection: ProtectionView,
    /// Its place in lists.
    #[schema(examples(2))]
    pub position: i64,
}

/// All stakeholder groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupList {
    /// The groups in their order.
    pub data: Vec<GroupView>,
}

/// A stakeholder group to be stored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": {"en": "Former learners", "nl": "Oud-leerlingen"}, "protection": "adult", "position": 5}))]
pub struct GroupRequest {
    /// Its title, per language.
    #[schema(value_type = TextByLanguage)]
    pub title: Texts,
    /// What it needs by way of protection.
    pub protection: ProtectionView,
    /// Its place in lists.
    pub position: i64,
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self {
            code: group.code,
            title: group.title,
            protection: match group.protection {
                Protection::Adult => ProtectionView::Adult,
                Protection::Child => ProtectionView::Child,
            },
            position: group.position,
        }
    }
}

/// List the stakeholder groups.
///
/// Learners, parents, staff and employers to begin with; a school may add its own.
#[utoipa::path(
    tag = "Organisations",
    security(("clientCredentials" = ["organisations:read"])),
    responses(
        (status = 200, description = "The groups.", body = GroupList,
         example = json!({"data": [{"code": "parent", "title": {"en": "Parents and carers", "nl": "Ouders en verzorgers"}, "protection": "adult", "position": 2}]})),
        Reading,
    )
)]
#[get("/groups")]
pub async fn list_groups(
    request: HttpRequest,
    caller: Authenticated,
) -> Result<web::Json<GroupList>, ApiError> {
    let groups = organisation::list_groups(&app(&request)?, &caller.0).await?;
    Ok(web::Json(GroupList {
        data: groups.into_iter().map(GroupView::from).collect(),
    }))
}

/// Add or change a stakeholder group.
///
/// Sending the same again changes nothing.
#[utoipa::path(
    tag = "Organisations",
    security(("clientCredentials" = ["organisations:write"])),
    params(("group" = String, Path, description = "Code of the group.", example = "alumni")),
    request_body(content = GroupRequest, description = "The group as it is to be."),
    responses(
        (status = 200, description = "The group as it is now.", body = GroupView,
         example = json!({"code": "alumni", "title": {"en": "Former learners", "nl": "Oud-leerlingen"}, "protection": "adult", "position": 5})),
        Storing,
    )
)]
#[put("/groups/{group}")]
pub async fn put_group(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
    body: web::Json<GroupRequest>,
) -> Result<web::Json<GroupView>, ApiError> {
    let body = body.into_inner();
    let group = Group {
        code: path.into_inner(),
        title: body.title,
        protection: match body.protection {
            ProtectionView::Adult => Protection::Adult,
            ProtectionView::Child => Protection::Child,
        },
        position: body.position,
    };
    let stored = organisation::put_group(&app(&request)?, &caller.0, group).await?;
    Ok(web::Json(stored.into()))
}
