//! What there should be: the simplest picture of people, rounds and answers that tells all that can be seen.

use std::collections::BTreeSet;

use crate::step::{Mode, PEOPLE};

/// The forms that a person is asked for.
pub(crate) fn forms(person: usize) -> &'static [&'static str] {
    if person == 0 {
        &["parent", "staff"]
    } else {
        &["parent"]
    }
}

/// Somebody whom the school knows.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) erased: bool,
    pub(crate) unsubscribed: bool,
    /// How often a mail to them may come double: the connection was cut, or the server killed, at the wrong moment.
    pub(crate) doubles: usize,
}

/// How it stands with a form that a person could be asked to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The person is not asked (any more).
    NotAsked,
    /// The person is asked and has not answered.
    Asked,
    /// This was acknowledged last.
    Answered(u32),
    /// A device has claimed it, and has told over the link that it is done, or not.
    Blind { done: bool },
}

impl Form {
    pub(crate) fn answer(self) -> Option<u32> {
        match self {
            Self::Answered(answer) => Some(answer),
            Self::NotAsked | Self::Asked | Self::Blind { .. } => None,
        }
    }

    pub(crate) fn is_claimed(self) -> bool {
        matches!(self, Self::Answered(_) | Self::Blind { .. })
    }

    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Answered(_) | Self::Blind { done: true })
    }
}

/// A form that a device has claimed blindly: nobody can tell any more for whom.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) form: &'static str,
    pub(crate) credential: String,
    /// What was acknowledged last.
    pub(crate) answer: Option<u32>,
}

/// A person's invitation to a round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seat {
    pub(crate) by_app: bool,
    pub(crate) revoked: bool,
    /// The link that works, as far as it has come to the person.
    pub(crate) token: Option<String>,
    /// Links that do not work any more.
    pub(crate) old: BTreeSet<String>,
    /// How it stands with each of the person's forms.
    pub(crate) forms: Vec<Form>,
    /// Mails that were put into the outbox.
    pub(crate) queued: usize,
    /// Those of them that are on their way and needed.
    pub(crate) pending: usize,
    /// Those that must have arrived.
    pub(crate) sure: usize,
}

impl Seat {
    pub(crate) fn asked(&self) -> u64 {
        let asked = self.forms.iter().filter(|form| **form != Form::NotAsked);
        asked.count() as u64
    }

    pub(crate) fn claimed(&self) -> u64 {
        self.forms.iter().filter(|form| form.is_claimed()).count() as u64
    }

    pub(crate) fn answered(&self) -> u64 {
        let answered = self.forms.iter().filter_map(|form| form.answer());
        answered.count() as u64
    }

    fn done(&self) -> u64 {
        self.forms.iter().filter(|form| form.is_done()).count() as u64
    }

    pub(crate) fn finished(&self) -> bool {
        self.done() == self.asked()
    }
}

/// A round.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) code: String,
    pub(crate) open: bool,
    pub(crate) seats: Vec<Option<Seat>>,
    /// Forms that people who were erased had claimed.
    pub(crate) left: Vec<(&'static str, Form)>,
    /// What devices have claimed blindly.
    pub(crate) devices: Vec<Claimed>,
}

/// What the counts of a round should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) issued: u64,
    pub(crate) claimed: u64,
    pub(crate) done: u64,
    pub(crate) ballots: u64,
}

impl Round {
    pub(crate) fn new(code: String) -> Self {
        Self {
            code,
            open: true,
            seats: vec![None; PEOPLE],
            left: Vec::new(),
            devices: Vec::new(),
        }
    }

    /// Whether any mail was put into the outbox.
    pub(crate) fn mailed(&self) -> bool {
        self.taken().any(|seat| seat.queued > 0)
    }

    fn taken(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().flatten()
    }

    /// Invitations that work, or over which something was answered.
    pub(crate) fn invitations(&self) -> u64 {
        self.taken()
            .filter(|seat| !seat.revoked || seat.asked() > 0)
            .count() as u64
    }

    pub(crate) fn counts(&self, mode: Mode) -> Counts {
        let left = self.left.len() as u64;
        let done = self.left.iter().filter(|(_, form)| form.is_done()).count() as u64;
        let [responses, _] = self.answers(mode);
        Counts {
            issued: self.taken().map(Seat::asked).sum::<u64>() + left,
            claimed: self.taken().map(Seat::claimed).sum::<u64>() + left,
            done: self.taken().map(Seat::done).sum::<u64>() + done,
            ballots: responses.len() as u64,
        }
    }

    /// Every answer that should be there, by form: of the closed questions, and of the open one.
    pub(crate) fn answers(&self, mode: Mode) -> [Vec<(&'static str, u32)>; 2] {
        let of_seats = self.seats.iter().enumerate().flat_map(|(person, seat)| {
            let stand = seat.iter().flat_map(|seat| seat.forms.iter());
            let named = forms(person).iter().zip(stand);
            named.filter_map(|(name, form)| Some((*name, form.answer()?)))
        });
        let of_devices = self.devices.iter();
        let of_devices = of_devices.filter_map(|device| Some((device.form, device.answer?)));
        let closed: Vec<_> = of_seats.chain(of_devices).collect();
        let left = self.left.iter();
        let left = left.filter_map(|(name, form)| Some((*name, form.answer()?)));
        let all: Vec<_> = closed.iter().copied().chain(left).collect();
        if mode == Mode::Anonymous {
            [all.clone(), all]
        } else {
            // A free text carries no code, so it cannot be found when its author is erased.
            [closed, all]
        }
    }
}

/// Everything.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) mode: Mode,
    pub(crate) people: Vec<Person>,
    pub(crate) rounds: Vec<Round>,
    pub(crate) post_open: bool,
    /// The server was killed while mail may have been under way: what was, is sent again only after a while.
    pub(crate) unsettled: bool,
    next: u32,
}

impl Model {
    pub(crate) fn new(mode: Mode, emails: Vec<String>) -> Self {
        let person = |email| Person {
            email,
            erased: false,
            unsubscribed: false,
            doubles: 0,
        };
        Self {
            mode,
            people: emails.into_iter().map(person).collect(),
            rounds: Vec::new(),
            post_open: true,
            unsettled: false,
            next: 0,
        }
    }

    /// An answer that nobody has given before.
    pub(crate) fn unique(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Whether any mail is on its way that is needed.
    pub(crate) fn mailing(&self) -> bool {
        self.rounds
            .iter()
            .flat_map(|round| round.seats.iter().flatten())
            .any(|seat| seat.pending > 0)
    }
}

/// The three closed answers that spell a number, each from 1 to 5.
pub(crate) fn digits(answer: u32) -> [u32; 3] {
    [answer / 25 % 5 + 1, answer / 5 % 5 + 1, answer % 5 + 1]
}
