//! Remembers which access tokens were verified, so that an app that calls often does not cost a signature check each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The SHA-256 of a token.
pub(super) type Fingerprint = [u8; 32];

/// A bounded memory of values that expire. It holds at most `capacity` of them: half are remembered as recent, and when
/// those are full they become the older half, whose place is given up.
#[derive(Debug)]
pub(super) struct TokenCache<T> {
    half: usize,
    generations: Mutex<Generations<T>>,
}

#[derive(Debug)]
struct Generations<T> {
    recent: HashMap<Fingerprint, Entry<T>>,
    older: HashMap<Fingerprint, Entry<T>>,
}

#[derive(Debug, Clone)]
struct Entry<T> {
    value: T,
    expires_at_ms: i64,
}

impl<T: Clone> TokenCache<T> {
    /// An empty memory for `capacity` values.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            half: (capacity / 2).max(1),
            generations: Mutex::new(Generations {
                recent: HashMap::new(),
                older: HashMap::new(),
            }),
        }
    }

    /// The value remembered under `key`, unless it has expired at `now_ms`.
    pub(super) fn get(&self, key: &Fingerprint, now_ms: i64) -> Option<T> {
        let mut generations = self.lock();
        if let Some(entry) = generations.recent.get(key) {
            return (now_ms < entry.expires_at_ms).then(|| entry.value.clone());
        }
        let entry = generations.older.remove(key)?;
        if now_ms >= entry.expires_at_ms {
            return None;
        }
        let value = entry.value.clone();
        self.put(&mut generations, *key, entry);
        Some(value)
    }

    /// Remembers `value` under `key` until `expires_at_ms`.
    pub(super) fn insert(&self, key: Fingerprint, value: T, expires_at_ms: i64) {
        let entry = Entry {
            value,
            expires_at_ms,
        };
        self.put(&mut self.lock(), key, entry);
    }

    fn put(&self, generations: &mut Generations<T>, key: Fingerprint, entry: Entry<T>) {
        if generations.recent.len() >= self.half {
            generations.older = std::mem::take(&mut generations.recent);
        }
        generations.recent.insert(key, entry);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations<T>> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> Fingerprint {
        [number; 32]
    }

    #[test]
    fn a_value_is_remembered_until_it_expires() {
        let cache = TokenCache::new(10);
        cache.insert(key(1), "one", 1_000);
        assert_eq!(cache.get(&key(1), 999), Some("one"));
        assert_eq!(cache.get(&key(1), 1_000), None);
        assert_eq!(cache.get(&key(2), 0), None);
    }

    #[test]
    fn it_never_holds_more_than_its_capacity_and_keeps_what_is_used() {
        let cache = TokenCache::new(10);
        for number in 0..100 {
            cache.insert(key(number), number, 1_000);
            assert_eq!(
                cache.get(&key(0), 0),
                Some(0),
                "used all the time, never forgotten"
            );
            let generations = cache.lock();
            assert!(generations.recent.len() + generations.older.len() <= 10);
        }
        assert_eq!(cache.get(&key(50), 0), None);
    }
}
