//! Published frameworks and questionnaires. There is no update: what is published stays as it is.

use super::Backing as Conn;
use crate::store::rows::{FrameworkRow, QuestionnaireRow};
use crate::store::schema::{framework, questionnaire};
use diesel::prelude::*;

/// Publishes a framework.
pub fn insert_framework(conn: &mut Conn, row: &FrameworkRow) -> QueryResult<()> {
    diesel::insert_into(framework::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// One version of a framework.
pub fn framework(
    conn: &mut Conn,
    of: i64,
    id: &str,
    version: &str,
) -> QueryResult<Option<FrameworkRow>> {
    framework::table
        .find((of, id, version))
        .first(conn)
        .optional()
}

/// Every version of every framework.
pub fn frameworks(conn: &mut Conn, of: i64) -> QueryResult<Vec<FrameworkRow>> {
    framework::table
        .filter(framework::tenant.eq(of))
        .order((framework::id, framework::published_at, framework::version))
        .load(conn)
}

/// Publishes a questionnaire.
pub fn insert_questionnaire(conn: &mut Conn, row: &QuestionnaireRow) -> QueryResult<()> {
    diesel::insert_into(questionnaire::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// One version of a questionnaire.
pub fn questionnaire(
    conn: &mut Conn,
    of: i64,
    id: &str,
    version: &str,
) -> QueryResult<Option<QuestionnaireRow>> {
    questionnaire::table
        .find((of, id, version))
        .first(conn)
        .optional()
}

/// Every version of every questionnaire.
pub fn questionnaires(conn: &mut Conn, of: i64) -> QueryResult<Vec<QuestionnaireRow>> {
    questionnaire::table
        .filter(questionnaire::tenant.eq(of))
        .order((
            questionnaire::id,
            questionnaire::published_at,
            questionnaire::version,
        ))
        .load(conn)
}
