//! Flags of forms that are done, written together and in no order, so that they tell nothing about when answers came.

use crate::app::App;
use crate::error::Result;
use crate::random;
use crate::store::rows::AssignmentRow;
use crate::store::{Side, on};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Forms that are done and not yet flagged so.
#[derive(Debug, Default)]
pub struct Done(Mutex<BTreeMap<Form, AssignmentRow>>);

/// Tenant, invitation, organisation and form.
type Form = (i64, String, String, String);

fn form_of(row: &AssignmentRow) -> Form {
    (
        row.tenant,
        row.invitation.clone(),
        row.organisation.clone(),
        row.form.clone(),
    )
}

impl Done {
    /// Notes a form as done.
    pub(in crate::service) fn note(&self, row: AssignmentRow) {
        self.lock().insert(form_of(&row), row);
    }

    /// Whether a form waits to be flagged.
    pub(in crate::service) fn holds(&self, row: &AssignmentRow) -> bool {
        self.lock().contains_key(&form_of(row))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Form, AssignmentRow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Flags what waits, in one transaction and shuffled. What could not be written waits on.
pub(in crate::service) async fn flush(app: &App) -> Result<()> {
    let mut rows: Vec<AssignmentRow> = app.done.lock().values().cloned().collect();
    if rows.is_empty() {
        return Ok(());
    }
    random::shuffle(&mut rows);
    let flagged = rows.clone();
    app.store
        .write(Side::Roster, "flag forms as done", move |conn| {
            for row in &rows {
                on!(conn, invitation::mark_done(row))?;
            }
            Ok(())
        })
        .await?;
    let mut waiting = app.done.lock();
    for row in flagged {
        waiting.remove(&form_of(&row));
        app.changed.note(row.tenant, &row.round);
    }
    Ok(())
}
