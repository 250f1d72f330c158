//! What a process remembers of the database: only what never changes there, so that it holds whatever other processes do.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Things that a process remembers at most, of each kind.
const MOST: usize = 4096;

/// A bounded memory of things of a tenant, by their code.
pub struct Kept<T>(RwLock<HashMap<i64, HashMap<String, Arc<T>>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Kept<T> {
    /// What is remembered under a code.
    pub(super) fn get(&self, tenant: i64, code: &str) -> Option<Arc<T>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(&tenant)?.get(code).cloned()
    }

    /// Remembers a thing; where there are too many, all others are forgotten.
    pub(super) fn put(&self, tenant: i64, code: &str, thing: Arc<T>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.values().map(HashMap::len).sum::<usize>() >= MOST {
            kept.clear();
        }
        kept.entry(tenant)
            .or_default()
            .insert(code.to_owned(), thing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_no_more_than_its_most_and_tells_tenants_apart() {
        let kept = Kept::default();
        kept.put(1, "a", Arc::new(1));
        kept.put(2, "a", Arc::new(2));
        assert_eq!(kept.get(1, "a").as_deref(), Some(&1));
        assert_eq!(kept.get(2, "a").as_deref(), Some(&2));
        assert_eq!(kept.get(3, "a"), None);
        for number in 0..MOST * 2 {
            kept.put(1, &number.to_string(), Arc::new(number));
        }
        let held: usize = kept.0.read().unwrap().values().map(HashMap::len).sum();
        assert!(held <= MOST);
    }
}
