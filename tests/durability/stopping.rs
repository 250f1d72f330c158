//! The server is asked to stop while people answer.

use std::time::Instant;

use klankbord_tests::stories;

use crate::load::Load;
use crate::school::School;

stories! {
    fn no_request_fails_when_the_server_is_asked_to_stop(stage: &Stage) {
        let school = School::asking(stage, 2000);
        let load = Load::start(school.pen(), &school.tokens, 32);
        load.wait_for(64);
        let begun = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| stage.server().stop());
            load.wait_until_asked_to_leave();
            println!("everybody was asked to leave after {:?}", begun.elapsed());
        });
        println!("the server ended after {:?}", begun.elapsed());
        let acknowledged = load.acknowledged();
        let failures = load.finish();
        assert!(failures.is_empty(), "{failures:?}");
        stage.server().start_again();
        school.expect_ballots(acknowledged);
    }
}
