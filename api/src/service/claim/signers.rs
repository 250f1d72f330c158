//! Which key signs for whom, as ballots ask for it that come without a link: remembered with the round, as neither a key nor whom it
//! signs for changes once it is there.

use super::Key;
use crate::app::App;
use crate::error::Result;
use crate::service::round::Round;
use crate::store::{Side, on};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// What is remembered of one round; no more than the round has keys, organisations and forms.
#[derive(Default)]
pub struct Signers {
    keys: RwLock<HashMap<i64, Arc<Key>>>,
    /// Numbers of keys, by organisation and form.
    signs_for: RwLock<HashMap<String, HashMap<String, i64>>>,
}

impl Signers {
    /// The public half of a signing key; `None` where there is none, or it is not made yet.
    pub(in crate::service) async fn key(
        &self,
        app: &App,
        round: &Round,
        number: i64,
    ) -> Result<Option<Arc<Key>>> {
        if let Some(key) = self.known_key(number) {
            return Ok(Some(key));
        }
        let (tenant, code) = (round.tenant, round.code.clone());
        let found = app
            .store
            .read(Side::Roster, "find a signing key", move |conn| {
                on!(conn, claim::signing_key(tenant, &code, number))
            })
            .await?;
        let Some(der) = found.and_then(|row| row.public_key) else {
            return Ok(None);
        };
        let key = Arc::new(Key::read(number, &der)?);
        let mut known = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(number, Arc::clone(&key));
        Ok(Some(key))
    }

    /// Number of the key that signs for a form at an organisation; `None` where nobody has claimed one.
    pub(in crate::service) async fn number(
        &self,
        app: &App,
        round: &Round,
        organisation: &str,
        form: &str,
    ) -> Result<Option<i64>> {
        if let Some(number) = self.known_number(organisation, form) {
            return Ok(Some(number));
        }
        let (tenant, code) = (round.tenant, round.code.clone());
        let (unit, of) = (organisation.to_owned(), form.to_owned());
        let found = app
            .store
            .read(Side::Roster, "find who signs for whom", move |conn| {
                on!(conn, claim::eligible(tenant, &code, &unit, &of))
            })
            .await?;
        if let Some(number) = found {
            let mut known = self
                .signs_for
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            let forms = known.entry(organisation.to_owned()).or_default();
            forms.insert(form.to_owned(), number);
        }
        Ok(found)
    }

    fn known_key(&self, number: i64) -> Option<Arc<Key>> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&number).cloned()
    }

    fn known_number(&self, organisation: &str, form: &str) -> Option<i64> {
        let known = self
            .signs_for
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        known.get(organisation)?.get(form).copied()
    }
}
