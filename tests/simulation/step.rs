//! What can happen, and sequences of it.

use std::fmt;

use klankbord_tests::Fault;
use proptest::prelude::*;

/// People who are asked in each sequence; the first one is asked for two forms.
pub(crate) const PEOPLE: usize = 4;

/// What respondents are promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Anonymous,
    Confidential,
    Identified,
}

impl Mode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Confidential => "confidential",
            Self::Identified => "identified",
        }
    }
}

/// One thing that happens. Rounds are counted around: there may be fewer than the number says.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Everybody who has come since is invited.
    Invite { round: usize, by_app: bool },
    /// Everybody who has not finished is reminded.
    Remind { round: usize },
    /// A link is opened, by a person or by a scanner of mail.
    Look { round: usize, person: usize },
    /// Somebody sends answers, or edits them; `form` tells which, if they have several.
    Submit {
        round: usize,
        person: usize,
        form: usize,
    },
    /// A device claims a form blindly: from then on its answers come without the link.
    Claim {
        round: usize,
        person: usize,
        form: usize,
    },
    /// A device sends answers, or edits them.
    SubmitBlind { round: usize, device: usize },
    /// A device tells over the link that a form is done.
    Done {
        round: usize,
        person: usize,
        form: usize,
    },
    /// Somebody sends answers over a link that was taken from them.
    SubmitOld { round: usize, person: usize },
    /// Somebody sends answers that cannot be right.
    Spoil { round: usize, person: usize },
    /// An invitation is taken back.
    Revoke { round: usize, person: usize },
    /// A person gets a new link.
    Renew { round: usize, person: usize },
    /// A person wants no more mail.
    Unsubscribe { round: usize, person: usize },
    /// A person is erased.
    Erase { person: usize },
    /// A round is closed.
    Close { round: usize },
    /// Another round for the same people begins.
    Another,
    /// Something goes wrong with the next mail to a person.
    Fault { person: usize, fault: Fault },
    /// No mail can leave.
    ShutPost,
    /// Mail can leave again.
    OpenPost,
    /// The server is killed and started again; `mailing` while mail may be under way.
    Crash { mailing: bool },
    /// The server is killed a moment after answers were sent to it, and they are sent again.
    CrashWhileSubmitting {
        round: usize,
        person: usize,
        form: usize,
        moment: u16,
    },
}

/// A sequence: a round of this mode is open, and then all this happens.
#[derive(Clone)]
pub(crate) struct Sequence {
    pub(crate) mode: Mode,
    pub(crate) steps: Vec<Step>,
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "in an {} round:", self.mode.as_str())?;
        for (number, step) in (1..).zip(&self.steps) {
            writeln!(f, "{number:4}. {step:?}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A sequence of up to twelve steps, the first of which invites.
pub(crate) fn any_sequence() -> impl Strategy<Value = Sequence> {
    let mode = prop_oneof![
        7 => Just(Mode::Anonymous),
        2 => Just(Mode::Identified),
        1 => Just(Mode::Confidential),
    ];
    let first = any::<bool>().prop_map(|by_app| Step::Invite { round: 0, by_app });
    // Making a key for blind signatures takes long, so only some sequences do.
    let others = prop_oneof![
        8 => prop::collection::vec(any_step(), 3..12),
        1 => prop::collection::vec(prop_oneof![any_step(), blind_step()], 3..12),
    ];
    (mode, first, others).prop_map(|(mode, first, others)| Sequence {
        mode,
        steps: std::iter::once(first).chain(others).collect(),
    })
}

fn blind_step() -> impl Strategy<Value = Step> {
    let at = || (0..2_usize, 0..PEOPLE, 0..2_usize);
    prop_oneof![
        3 => at().prop_map(|(round, person, form)| Step::Claim { round, person, form }),
        3 => (0..2_usize, 0..8_usize).prop_map(|(round, device)| Step::SubmitBlind { round, device }),
        1 => at().prop_map(|(round, person, form)| Step::Done { round, person, form }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let round = 0..2_usize;
    let person = 0..PEOPLE;
    let form = 0..2_usize;
    let at = (round.clone(), person.clone());
    let fault = prop_oneof![
        1 => Just(Fault::TryLater),
        1 => Just(Fault::TryLaterAfterDot),
        2 => Just(Fault::DropAfterDot),
        2 => Just(Fault::Lose),
    ];
    prop_oneof![
        100 => (round.clone(), person.clone(), form.clone())
            .prop_map(|(round, person, form)| Step::Submit { round, person, form }),
        20 => (round.clone(), any::<bool>()).prop_map(|(round, by_app)| Step::Invite { round, by_app }),
        30 => round.clone().prop_map(|round| Step::Remind { round }),
        15 => at.clone().prop_map(|(round, person)| Step::Look { round, person }),
        15 => at.clone().prop_map(|(round, person)| Step::SubmitOld { round, person }),
        10 => at.clone().prop_map(|(round, person)| Step::Spoil { round, person }),
        20 => at.clone().prop_map(|(round, person)| Step::Revoke { round, person }),
        20 => at.clone().prop_map(|(round, person)| Step::Renew { round, person }),
        10 => at.prop_map(|(round, person)| Step::Unsubscribe { round, person }),
        12 => person.clone().prop_map(|person| Step::Erase { person }),
        8 => round.clone().prop_map(|round| Step::Close { round }),
        10 => Just(Step::Another),
        20 => (person.clone(), fault).prop_map(|(person, fault)| Step::Fault { person, fault }),
        8 => Just(Step::ShutPost),
        12 => Just(Step::OpenPost),
        2 => prop::bool::weighted(0.3).prop_map(|mailing| Step::Crash { mailing }),
        3 => (round, person, form, 0..3000_u16)
            .prop_map(|(round, person, form, moment)| Step::CrashWhileSubmitting { round, person, form, moment }),
    ]
}
