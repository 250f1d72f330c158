//! More answers at once than can be taken in: what cannot be stored is refused and not stored, and what is acknowledged is there.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use klankbord_tests::{PATIENCE, behind, process, stories};
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

use crate::school::{Pen, School};
use crate::wire::{Answer, Wire};

/// What a store takes in while it cannot write: those who wait, and the group that is about to be written.
const TAKEN_IN: usize = 4096 + 512;
/// Who is too many, whatever happens.
const SURPLUS: usize = 300;
/// Within this time answers are taken again afterwards.
const BACK_WITHIN: Duration = Duration::from_secs(5);

stories! {
    fn what_is_too_much_is_refused_and_not_stored(stage: &Stage) {
        // A connection for everybody; the server sees to its own.
        process::allow_open_files(TAKEN_IN as u64 + 2_000);
        let people = TAKEN_IN + SURPLUS;
        let school = School::asking(stage, people + 1);
        let pen = school.pen();
        let (spare, tokens) = school.tokens.split_last().expect("people");

        let held = behind::hold_ballots(stage);
        let begun = Instant::now();
        let mut crowd = Crowd::send(&pen, tokens);
        let sent = begun.elapsed();
        crowd.receive(SURPLUS);
        let refused = begun.elapsed();
        for path in ["/health/ready", "/api/v1/rounds/r/forms/parent", &format!("/s/{spare}")] {
            let read = pen.read_once(path).status;
            assert!(read < 400, "{path} is answered with {read} meanwhile");
        }
        let read = begun.elapsed();
        held.release();
        let begun = Instant::now();
        while !matches!(pen.submit_once(spare).status, 200 | 201) {
            assert!(begun.elapsed() < BACK_WITHIN, "no answer is taken");
        }
        let back = begun.elapsed();
        crowd.receive(people);

        let outcomes = crowd.outcomes();
        println!(
            "sent within {sent:?}, {SURPLUS} refused within {refused:?}, read within {read:?}, back {back:?} after the end: {outcomes:?}"
        );
        // The one who did without a crowd is stored, too.
        let stored = outcomes.get(&(201, String::new())).copied().unwrap_or_default() + 1;
        // Who was told that it took too long was told so because nobody knew how it would end.
        let unsure = outcomes.get(&(503, "unavailable".to_owned())).copied().unwrap_or_default();
        let ballots = behind::query(stage, "ballots", "SELECT count(*) FROM mailbox");
        let ballots: usize = ballots[0][0].parse().expect("a count");
        assert!((stored..=stored + unsure).contains(&ballots), "{ballots} ballots, {outcomes:?}");
        let answered = tokens.iter().zip(crowd.answers());
        let refused: Vec<_> = answered.filter(|(_, answer)| answer.status != 201).collect();
        for part in refused.chunks(500) {
            let tokens: Vec<String> = part.iter().map(|(token, _)| (*token).clone()).collect();
            let mut again = Crowd::send(&pen, &tokens);
            again.receive(tokens.len());
            for ((_, answer), again) in part.iter().zip(again.answers()) {
                assert_eq!(answer.status, 503, "{answer:?}");
                assert_eq!(answer.header("content-type"), Some("application/problem+json"));
                assert!(answer.header("retry-after").is_some(), "{}", answer.head);
                // 200 is for answers that take the place of others.
                let is_new = again.status == 201;
                assert!(is_new || again.status == 200 && answer.code() == "unavailable", "{answer:?}, then {again:?}");
            }
        }
        school.expect_ballots(people + 1);
    }
}

/// Everybody who sends at once, each on a connection of their own.
struct Crowd {
    poll: OwnedFd,
    people: Vec<(Wire, Option<Answer>)>,
    answered: usize,
}

impl Crowd {
    /// Sends for everybody and waits for nobody.
    fn send(pen: &Pen, tokens: &[String]) -> Self {
        let poll = epoll::create(CreateFlags::CLOEXEC).expect("epoll");
        let person = |(index, token): (usize, &String)| {
            let mut wire = Wire::open(&pen.base_url).expect("the server listens");
            pen.send(&mut wire, token).expect("it is taken");
            let data = EventData::new_u64(index as u64);
            epoll::add(&poll, &wire, data, EventFlags::IN).expect("epoll");
            (wire, None)
        };
        let people = tokens.iter().enumerate().map(person).collect();
        Self {
            poll,
            people,
            answered: 0,
        }
    }

    /// Takes in what comes until so many have their answer.
    fn receive(&mut self, wanted: usize) {
        let begun = Instant::now();
        let mut events: Vec<Event> = Vec::with_capacity(256);
        let moment = rustix::event::Timespec {
            tv_sec: 1,
            tv_nsec: 0,
        };
        while self.answered < wanted {
            assert!(
                begun.elapsed() < PATIENCE,
                "only {} of {wanted} are answered",
                self.answered
            );
            events.clear();
            let room = rustix::buffer::spare_capacity(&mut events);
            epoll::wait(&self.poll, room, Some(&moment)).expect("epoll waits");
            for event in &events {
                let Event { data, .. } = *event;
                let index = usize::try_from(data.u64()).expect("an index");
                let (wire, answer) = &mut self.people[index];
                *answer = Some(wire.answer().expect("the server answers"));
                epoll::delete(&self.poll, &*wire).expect("epoll");
                self.answered += 1;
            }
        }
    }

    fn answers(&self) -> impl Iterator<Item = &Answer> {
        let answers = self.people.iter().map(|(_, answer)| answer.as_ref());
        answers.map(|answer| answer.expect("everybody is answered"))
    }

    /// How many answers there are of each status and code.
    fn outcomes(&self) -> BTreeMap<(u16, String), usize> {
        let mut outcomes = BTreeMap::new();
        for answer in self.answers() {
            *outcomes.entry((answer.status, answer.code())).or_default() += 1;
        }
        outcomes
    }
}
