//! What became of the invitations.

use serde::{Deserialize, Serialize};

use crate::stats::Probability;

/// What became of one invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Answered, at least 80 % of what applied.
    Complete,
    /// Answered 50 % to less than 80 %.
    Partial,
    /// Declined, or broke off before half.
    Refusal,
    /// On the register, and not heard of.
    NonContact,
    /// Eligible, reached, and did not answer for another reason: illness, language.
    Other,
    /// Not known whether anybody eligible lives at the address.
    UnknownHousehold,
    /// Not known whether the person is eligible: an address that was never confirmed.
    UnknownOther,
    /// Not eligible: left the school.
    NotEligible,
}

impl Disposition {
    /// Of somebody who began: `answered` of the `applicable` questions have an answer.
    ///
    /// Complete from 80 %, partial from 50 %, below it broken off, which counts as refusal. Without a question that applies
    /// there is nothing left to answer, which is complete. The limits are those customary for surveys of named persons:
    /// American Association for Public Opinion Research (2016), Standard Definitions.
    ///
    /// ```
    /// use survey_engine::response::Disposition;
    /// assert_eq!(Disposition::of_answers(32, 40), Disposition::Complete);
    /// assert_eq!(Disposition::of_answers(20, 40), Disposition::Partial);
    /// assert_eq!(Disposition::of_answers(19, 40), Disposition::Refusal);
    /// ```
    #[must_use]
    pub fn of_answers(answered: u32, applicable: u32) -> Self {
        let (answered, applicable) = (u64::from(answered), u64::from(applicable));
        if answered * 5 >= applicable * 4 {
            Self::Complete
        } else if answered * 2 >= applicable {
            Self::Partial
        } else {
            Self::Refusal
        }
    }
}

/// Numbers of invitations by what became of them. They add up over units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dispositions {
    /// I: complete.
    pub complete: u64,
    /// P: partial.
    pub partial: u64,
    /// R: refused or broke off.
    pub refusal: u64,
    /// NC: not heard of.
    pub non_contact: u64,
    /// O: eligible, did not answer for another reason.
    pub other: u64,
    /// UH: not known whether there is anybody eligible.
    pub unknown_household: u64,
    /// UO: not known whether the person is eligible.
    pub unknown_other: u64,
    /// NE: not eligible.
    pub not_eligible: u64,
}

/// Share of the persons of unknown eligibility who are taken to be eligible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Eligibility {
    /// As many as among those of whom it is known, `(I+P+R+NC+O) / (I+P+R+NC+O+NE)`: the rule of the Council of American Survey
    /// Research Organizations.
    Proportional,
    /// A share that is known from elsewhere.
    Given(Probability),
}

/// The rates of one set of dispositions. `None` where nobody is in the denominator, or `e` is not known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ResponseRates {
    /// Share of the unknown taken to be eligible.
    pub e: Option<Probability>,
    /// `I / (B + U)`, with `B = I+P+R+NC+O` and `U = UH+UO`: the lowest of the rates.
    pub rr1: Option<Probability>,
    /// `(I + P) / (B + U)`.
    pub rr2: Option<Probability>,
    /// `I / (B + e U)`.
    pub rr3: Option<Probability>,
    /// `(I + P) / (B + e U)`.
    pub rr4: Option<Probability>,
    /// `I / B`.
    pub rr5: Option<Probability>,
    /// `(I + P) / B`: the highest.
    pub rr6: Option<Probability>,
    /// Of those reached, `I / (I + P + R + O)`.
    pub coop1: Option<Probability>,
    /// `R / (B + U)`.
    pub ref1: Option<Probability>,
    /// `(I + P + R + O) / (B + U)`.
    pub con1: Option<Probability>,
}

impl Dispositions {
    /// Counts one invitation.
    ///
    /// ```
    /// use survey_engine::response::{Disposition, Dispositions};
    /// let mut counts = Dispositions::default();
    /// counts.add(Disposition::Refusal);
    /// assert_eq!(counts.refusal, 1);
    /// ```
    pub fn add(&mut self, disposition: Disposition) {
        let count = match disposition {
            Disposition::Complete => &mut self.complete,
            Disposition::Partial => &mut self.partial,
            Disposition::Refusal => &mut self.refusal,
            Disposition::NonContact => &mut self.non_contact,
            Disposition::Other => &mut self.other,
            Disposition::UnknownHousehold => &mut self.unknown_household,
            Disposition::UnknownOther => &mut self.unknown_other,
            Disposition::NotEligible => &mut self.not_eligible,
        };
        *count += 1;
    }

    /// Adds the invitations of another unit.
    ///
    /// ```
    /// use survey_engine::response::Dispositions;
    /// let mut north = Dispositions { complete: 3, ..Dispositions::default() };
    /// north.merge(&Dispositions { complete: 4, ..Dispositions::default() });
    /// assert_eq!(north.complete, 7);
    /// ```
    pub fn merge(&mut self, other: &Self) {
        self.complete += other.complete;
        self.partial += other.partial;
        self.refusal += other.refusal;
        self.non_contact += other.non_contact;
        self.other += other.other;
        self.unknown_household += other.unknown_household;
        self.unknown_other += other.unknown_other;
        self.not_eligible += other.not_eligible;
    }

    /// Response, cooperation, refusal and contact rates.
    ///
    /// [`ResponseRates`] gives the formula of each; `None` where nobody is in the denominator, or where `e` is needed and not
    /// known. The rate to report for invited persons on a register is `rr2`. A link that anybody can open has no response rate.
    /// Source: American Association for Public Opinion Research (2016), Standard Definitions.
    ///
    /// ```
    /// use survey_engine::response::{Dispositions, Eligibility};
    /// let counts = Dispositions {
    ///     complete: 312, partial: 18, refusal: 25, non_contact: 140, other: 5, ..Dispositions::default()
    /// };
    /// let rates = counts.rates(Eligibility::Proportional);
    /// assert_eq!(rates.rr1.map(|rate| rate.value()), Some(0.624));
    /// assert_eq!(rates.rr2.map(|rate| rate.value()), Some(0.66));
    /// ```
    #[must_use]
    pub fn rates(&self, eligibility: Eligibility) -> ResponseRates {
        let Self {
            complete,
            partial,
            refusal,
            non_contact,
            other,
            ..
        } = *self;
        let known = complete + partial + refusal + non_contact + other;
        let unknown = self.unknown_household + self.unknown_other;
        let e = match eligibility {
            Eligibility::Given(share) => Some(share),
            Eligibility::Proportional => share(known, (known + self.not_eligible) as f64),
        };
        let (known, all) = (known as f64, (known + unknown) as f64);
        let eligible = match e {
            Some(e) => Some(known + e.value() * unknown as f64),
            None => (unknown == 0).then_some(known),
        };
        let answered = complete + partial;
        let reached = answered + refusal + other;
        ResponseRates {
            e,
            rr1: share(complete, all),
            rr2: share(answered, all),
            rr3: share(complete, eligible.unwrap_or_default()),
            rr4: share(answered, eligible.unwrap_or_default()),
            rr5: share(complete, known),
            rr6: share(answered, known),
            coop1: share(complete, reached as f64),
            ref1: share(refusal, all),
            con1: share(reached, all),
        }
    }
}

fn share(part: u64, of: f64) -> Option<Probability> {
    if of > 0.0 {
        Probability::clamped(part as f64 / of)
    } else {
        None
    }
}
