//! Flags of forms that are done, written together and in no order, so that they tell nothing about when answers came.

use crate::app::App;
use crate::error::Result;
use crate::random;
use crate::store::{AssignmentKey, Side, on};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Forms that are done and not yet flagged so.
#[derive(Debug, Default)]
pub struct Done(Mutex<BTreeSet<AssignmentKey>>);

impl Done {
    /// Notes a form as done.
    pub(in crate::service) fn note(&self, form: AssignmentKey) {
        self.lock().insert(form);
    }

    /// Whether a form waits to be flagged.
    pub(in crate::service) fn holds(&self, form: &AssignmentKey) -> bool {
        self.lock().contains(form)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<AssignmentKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Flags what waits, in one transaction and shuffled. What could not be written waits on.
pub(in crate::service) async fn flush(app: &App) -> Result<()> {
    let mut forms: Vec<AssignmentKey> = app.done.lock().iter().cloned().collect();
    if forms.is_empty() {
        return Ok(());
    }
    random::shuffle(&mut forms);
    let flagged = forms.clone();
    app.store
        .write(Side::Roster, "flag forms as done", move |conn| {
            for form in &forms {
                on!(conn, invitation::set_done(form))?;
            }
            Ok(())
        })
        .await?;
    let mut waiting = app.done.lock();
    for form in flagged {
        waiting.remove(&form);
        app.changed.note(form.tenant, &form.round);
    }
    Ok(())
}
