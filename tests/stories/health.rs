//! `/health`: whether the server lives and whether it can do its work.

use klankbord_tests::{Caller, stories};

stories! {
    fn a_new_server_is_alive_and_ready(stage: &Stage) {
        let anyone = stage.anonymous();
        anyone.get("/health/live").expect_status(200);
        anyone.get("/health/ready").expect_status(200);
    }

    fn a_killed_server_comes_back_ready(stage: &Stage) {
        stage.server().kill();
        stage.server().start_again();
        stage.anonymous().get("/health/ready").expect_status(200);
    }

    fn an_unknown_address_of_the_api_is_a_problem_document(stage: &Stage) {
        stage.anonymous().get("/api/v1/nothing-here").expect_problem(404, "not_found");
    }
}
