//! What a caller may do, and which of it comes with a role.

use std::fmt;
use std::str::FromStr;

/// One right, as OAuth 2 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `organisations:read`
    OrganisationsRead,
    /// `organisations:write`
    OrganisationsWrite,
    /// `questionnaires:read`
    QuestionnairesRead,
    /// `questionnaires:write`
    QuestionnairesWrite,
    /// `rounds:read`
    RoundsRead,
    /// `rounds:write`
    RoundsWrite,
    /// `people:write`
    PeopleWrite,
    /// `invitations:write`
    InvitationsWrite,
    /// `responses:submit`
    ResponsesSubmit,
    /// `indicators:read`
    IndicatorsRead,
}

impl Scope {
    /// Every scope, in the order in which sets of scopes are written.
    pub const ALL: [Self; 10] = [
        Self::OrganisationsRead,
        Self::OrganisationsWrite,
        Self::QuestionnairesRead,
        Self::QuestionnairesWrite,
        Self::RoundsRead,
        Self::RoundsWrite,
        Self::PeopleWrite,
        Self::InvitationsWrite,
        Self::ResponsesSubmit,
        Self::IndicatorsRead,
    ];

    /// The name in tokens, requests and the API document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrganisationsRead => "organisations:read",
            Self::OrganisationsWrite => "organisations:write",
            Self::QuestionnairesRead => "questionnaires:read",
            Self::QuestionnairesWrite => "questionnaires:write",
            Self::RoundsRead => "rounds:read",
            Self::RoundsWrite => "rounds:write",
            Self::PeopleWrite => "people:write",
            Self::InvitationsWrite => "invitations:write",
            Self::ResponsesSubmit => "responses:submit",
            Self::IndicatorsRead => "indicators:read",
        }
    }

    /// What the scope allows, in one sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::OrganisationsRead => "Read the organisations at or below one's own.",
            Self::OrganisationsWrite => "Create and change organisations at or below one's own.",
            Self::QuestionnairesRead => "Read frameworks and questionnaires.",
            Self::QuestionnairesWrite => "Check and publish frameworks and questionnaires.",
            Self::RoundsRead => "Read rounds and their participation.",
            Self::RoundsWrite => "Create, open and close rounds.",
            Self::PeopleWrite => "Import, change and erase people and their roles.",
            Self::InvitationsWrite => "Issue invitations, send them and remind.",
            Self::ResponsesSubmit => "Submit the answers of a person who was invited.",
            Self::IndicatorsRead => "Read the indicators that may be released.",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no scope has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a scope; {SCOPES_ARE_LISTED}")]
pub struct UnknownScope(pub String);

const SCOPES_ARE_LISTED: &str = "the scopes and what they allow are listed in the API document.";

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == name)
            .ok_or_else(|| UnknownScope(name.to_owned()))
    }
}

/// A set of scopes; its text is a list with spaces between, as in RFC 6749, section 3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Scopes(u16);

impl Scopes {
    /// No scope at all.
    pub const NONE: Self = Self(0);

    /// The set of these scopes.
    #[must_use]
    pub const fn of(scopes: &[Scope]) -> Self {
        let mut bits = 0;
        let mut rest = scopes;
        while let [scope, others @ ..] = rest {
            bits |= scope.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Whether the set has this scope.
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether every scope of the set is in `other` too.
    #[must_use]
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The scopes that both sets have.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is no scope in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes of the set, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        list.split_ascii_whitespace().map(Scope::from_str).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, scope) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

/// What a person who signs in is, within the organisation of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A quality officer: runs rounds and reads indicators.
    Officer,
    /// An administrator: an officer who also keeps organisations, questionnaires, accounts and API clients.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Officer, Self::Admin];

    /// The name in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Admin => "admin",
        }
    }

    /// The scopes that come with the role. None may submit answers: whoever reads results must not be able to make them.
    #[must_use]
    pub const fn scopes(self) -> Scopes {
        match self {
            Self::Officer => Scopes::of(&[
                Scope::OrganisationsRead,
                Scope::QuestionnairesRead,
                Scope::RoundsRead,
                Scope::RoundsWrite,
                Scope::PeopleWrite,
                Scope::InvitationsWrite,
                Scope::IndicatorsRead,
            ]),
            Self::Admin => Scopes::of(&[
                Scope::OrganisationsRead,
                Scope::OrganisationsWrite,
                Scope::QuestionnairesRead,
                Scope::QuestionnairesWrite,
                Scope::RoundsRead,
                Scope::RoundsWrite,
                Scope::PeopleWrite,
                Scope::InvitationsWrite,
                Scope::IndicatorsRead,
            ]),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no role has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a role; use officer or admin.")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_set_survives_the_way_to_text_and_back() {
        for bits in 0..1 << Scope::ALL.len() {
            let scopes = Scopes(bits);
            assert_eq!(scopes.to_string().parse(), Ok(scopes));
            assert_eq!(scopes.iter().collect::<Scopes>(), scopes);
        }
    }

    #[test]
    fn a_list_is_read_in_any_order_and_refused_with_the_name_that_is_wrong() {
        let scopes: Scopes = " rounds:write  rounds:read rounds:write ".parse().unwrap();
        assert_eq!(scopes.to_string(), "rounds:read rounds:write");
        assert_eq!("".parse(), Ok(Scopes::NONE));
        assert_eq!(
            "rounds:read rounds:delete".parse::<Scopes>(),
            Err(UnknownScope("rounds:delete".to_owned()))
        );
        assert!("Rounds:read".parse::<Scopes>().is_err());
    }

    #[test]
    fn names_and_descriptions_differ() {
        let names: std::collections::BTreeSet<_> =
            Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let sentences: std::collections::BTreeSet<_> =
            Scope::ALL.iter().map(|scope| scope.description()).collect();
        assert_eq!(
            (names.len(), sentences.len()),
            (Scope::ALL.len(), Scope::ALL.len())
        );
    }

    #[test]
    fn an_admin_may_all_that_an_officer_may_and_nobody_may_answer_for_others() {
        let (officer, admin) = (Role::Officer.scopes(), Role::Admin.scopes());
        assert!(officer.is_subset_of(admin) && !admin.is_subset_of(officer));
        assert!(!officer.contains(Scope::OrganisationsWrite));
        assert!(!admin.contains(Scope::ResponsesSubmit));
        assert_eq!(admin.intersection(officer), officer);
        assert_eq!("admin".parse(), Ok(Role::Admin));
        assert!("root".parse::<Role>().is_err());
    }
}
