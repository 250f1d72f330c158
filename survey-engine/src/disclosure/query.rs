//! Questions that come one after another.

use serde::Serialize;

use super::audit::Audit;
use super::table::{Table, TableError};

/// Decides question after question, and forgets none that it answered.
///
/// A filter that is harmless by itself ("all learners") may tell everything about three persons together with another one ("learners
/// without support needs"). So every answered question stays published for ever, and a new one is answered only if the
/// [audit](Table::audit) of all of them together is safe. Decisions follow from the sizes of groups alone. Which questions are answered
/// depends on their order: first come, first served.
///
/// Atoms are the finest groups that any question can tell apart. Persons who answer later are a new atom, so that the same question
/// asked again is another one.
///
/// ```
/// use survey_engine::disclosure::{QueryAuditor, Refusal};
/// let mut auditor = QueryAuditor::new(10);
/// let atoms = auditor.add_atoms(&[57, 3])?;
/// assert_eq!(atoms, 0..2);
/// assert!(auditor.ask(&[0, 1])?.is_answered());
/// let without = auditor.ask(&[0])?;
/// assert_eq!(without.refusal, Some(Refusal::Differencing { leak: vec![1] }));
/// # Ok::<(), survey_engine::disclosure::TableError>(())
/// ```
#[derive(Debug, Clone)]
pub struct QueryAuditor {
    minimum: u32,
    answered: Table,
}

/// What becomes of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryDecision {
    /// Persons it is about.
    pub persons: u64,
    /// Why it is not answered; `None` if it is.
    pub refusal: Option<Refusal>,
}

impl QueryDecision {
    /// Whether the question is answered.
    ///
    /// ```
    /// use survey_engine::disclosure::QueryAuditor;
    /// let mut auditor = QueryAuditor::new(10);
    /// auditor.add_atoms(&[3])?;
    /// assert!(!auditor.ask(&[0])?.is_answered());
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.refusal.is_none()
    }
}

/// Why a question is not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// It is about fewer persons than the minimum, or nobody.
    BelowMinimumN,
    /// Together with the answers given so far it would tell something about too few persons.
    Differencing {
        /// The atoms it would tell something about. Not for publication.
        leak: Vec<usize>,
    },
    /// The audit did not come to an end.
    Undecided,
}

impl QueryAuditor {
    /// An auditor that has answered nothing.
    ///
    /// ```
    /// use survey_engine::disclosure::QueryAuditor;
    /// assert!(QueryAuditor::new(10).answered().cells().is_empty());
    /// ```
    #[must_use]
    pub fn new(minimum: u32) -> Self {
        let answered = Table::default();
        Self { minimum, answered }
    }

    /// Takes in new atoms, with their numbers of persons; under which positions they can be asked for.
    ///
    /// # Errors
    /// [`TableError::TooMany`] if all persons together exceed `u64`; nothing is taken in then.
    ///
    /// ```
    /// use survey_engine::disclosure::QueryAuditor;
    /// let mut auditor = QueryAuditor::new(10);
    /// assert_eq!(auditor.add_atoms(&[12, 4])?, 0..2);
    /// assert_eq!(auditor.add_atoms(&[20])?, 2..3);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    pub fn add_atoms(&mut self, persons: &[u64]) -> Result<std::ops::Range<usize>, TableError> {
        let first = self.answered.atoms().len();
        self.answered.extend(persons)?;
        Ok(first..self.answered.atoms().len())
    }

    /// Decides the question about a set of atoms, and keeps it if it is answered. A refusal is no error: the decision says why.
    ///
    /// # Errors
    /// [`TableError::Atom`] if there is no such atom, [`TableError::Repeated`] if one is named twice.
    ///
    /// ```
    /// use survey_engine::disclosure::QueryAuditor;
    /// let mut auditor = QueryAuditor::new(10);
    /// auditor.add_atoms(&[30, 4])?;
    /// assert!(auditor.ask(&[0, 1])?.is_answered());
    /// // The difference would be about four persons.
    /// assert!(!auditor.ask(&[0])?.is_answered());
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    pub fn ask(&mut self, atoms: &[usize]) -> Result<QueryDecision, TableError> {
        let decision = self.consider(atoms)?;
        if decision.is_answered() {
            self.answered.push(atoms.to_vec())?;
        }
        Ok(decision)
    }

    /// What [`ask`](Self::ask) would decide, without keeping anything.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    ///
    /// ```
    /// use survey_engine::disclosure::QueryAuditor;
    /// let mut auditor = QueryAuditor::new(10);
    /// auditor.add_atoms(&[30])?;
    /// assert!(auditor.consider(&[0])?.is_answered());
    /// assert!(auditor.answered().cells().is_empty());
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    pub fn consider(&self, atoms: &[usize]) -> Result<QueryDecision, TableError> {
        let mut with = self.answered.clone();
        with.push(atoms.to_vec())?;
        let persons = with.persons(with.cells().len() - 1).unwrap_or_default();
        let refusal = if persons < u64::from(self.minimum.max(1)) {
            Some(Refusal::BelowMinimumN)
        } else {
            match with.audit(&vec![true; with.cells().len()], self.minimum) {
                Audit::Safe => None,
                Audit::Leak(leak) => Some(Refusal::Differencing { leak }),
                Audit::Undecided => Some(Refusal::Undecided),
            }
        };
        Ok(QueryDecision { persons, refusal })
    }

    /// The atoms, and the questions answered so far.
    ///
    /// ```
    /// use survey_engine::disclosure::QueryAuditor;
    /// let mut auditor = QueryAuditor::new(10);
    /// auditor.add_atoms(&[30])?;
    /// auditor.ask(&[0])?;
    /// assert_eq!(auditor.answered().cells(), [vec![0]]);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn answered(&self) -> &Table {
        &self.answered
    }
}
