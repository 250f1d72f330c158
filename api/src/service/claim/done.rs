//! Flags of forms that are done, written together and in no order, so that they tell nothing about when answers came.

use crate::app::App;
use crate::error::Result;
use crate::store::AssignmentKey;
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

/// Flags what waits, in one transaction and in the order of the keys. What could not be written waits on.
pub(in crate::service) async fn flush(app: &App) -> Result<()> {
    let forms = app.done.lock().clone();
    if forms.is_empty() {
        return Ok(());
    }
    app.store.mark_done(forms.clone()).await?;
    let mut waiting = app.done.lock();
    for form in forms {
        waiting.remove(&form);
        app.changed.note(form.tenant, &form.round);
    }
    Ok(())
}
