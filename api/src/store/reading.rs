//! Who reads now, who waits for a turn, and who is turned away.
//!
//! A read that runs keeps a thread busy, also where the database has stopped answering and nobody waits for the read any more. So there
//! are never more of them than connections, and whoever waits for a turn costs no thread.

use crate::error::{Error, Result};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

/// Reads that may wait before the next one is turned away.
const WAITING: usize = 4096;

/// The turns at the readers of one store.
pub(super) struct ReadTurns {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// The right to use a reader, until it is dropped.
pub(super) struct ReadTurn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl ReadTurns {
    /// As many turns at once as there are connections.
    pub(super) fn of(connections: u32) -> Self {
        let most = Semaphore::MAX_PERMITS - WAITING;
        let at_once = usize::try_from(connections).map_or(most, |wanted| wanted.min(most));
        Self {
            turns: Arc::new(Semaphore::new(at_once)),
            places: Arc::new(Semaphore::new(at_once + WAITING)),
        }
    }

    /// Waits for a turn, no longer than `until`.
    ///
    /// # Errors
    /// [`Error::Busy`] at once where too many wait already, and where no turn came.
    pub(super) async fn take(&self, until: Instant) -> Result<ReadTurn> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Error::Busy)?;
        let turn = timeout_at(until, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::Busy)?.map_err(Error::internal)?;
        Ok(ReadTurn {
            _turn: turn,
            _place: place,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn one_more_than_may_wait_is_refused_at_once_and_all_who_wait_get_their_turn() {
        let turns = Arc::new(ReadTurns::of(2));
        let late = Instant::now() + Duration::from_hours(1);
        let held = (
            turns.take(late).await.unwrap(),
            turns.take(late).await.unwrap(),
        );
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let turns = Arc::clone(&turns);
                tokio::spawn(async move { turns.take(late).await.map(drop) })
            })
            .collect();
        while turns.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(turns.take(late).await, Err(Error::Busy)));
        drop(held);
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        turns.take(late).await.unwrap();
    }

    #[tokio::test]
    async fn whoever_gets_no_turn_in_time_is_refused_and_leaves_the_place_to_others() {
        let turns = ReadTurns::of(1);
        let held = turns.take(Instant::now()).await.unwrap();
        let places = turns.places.available_permits();
        assert!(matches!(turns.take(Instant::now()).await, Err(Error::Busy)));
        assert_eq!(turns.places.available_permits(), places);
        drop(held);
        turns.take(Instant::now()).await.unwrap();
    }
}
