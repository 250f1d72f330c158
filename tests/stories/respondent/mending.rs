//! Answers that need another look, that change, and that fall away; what was filled in is never lost.

use klankbord_tests::{Community, Form, Page, Respondent, stories};

use super::{expect_modest, offers, visit};
use crate::behind;

/// What the review says, question by question.
fn review(page: &Page) -> Vec<String> {
    page.texts(".review dl > div")
}

/// Answers the first page of the visit; gives the form that asks the rest.
fn first_page(person: &mut Respondent) -> Form {
    person.start();
    let mut form = person.form();
    form.choose("a.A1", "4")
        .choose("a.A2", "missing:dont_know")
        .choose("a.R1", "7")
        .choose("a.S1", "yes");
    person.go(&form, "next").expect_status(200);
    person.form()
}

/// Answers everything, with a date and a text that show only because of other answers; ends at the review.
fn answer_all(person: &mut Respondent) {
    let mut form = first_page(person);
    form.tick("a.M1", "bus", true)
        .tick("a.M1", "car", true)
        .choose("a.K1:coffee", "2")
        .choose("a.K1:talk", "3")
        .choose("a.K1:tour", "1")
        .fill("a.N1", "2,5")
        .fill("a.T1", "Ms. O'Neill");
    let more = person.go(&form, "next");
    more.expect_status(200)
        .expect_text("Your answers led to 2 more questions.");
    let mut form = person.form();
    form.fill("a.D1", "2026-05-01")
        .fill("a.T2", "Thanks!\nSee you <soon> & well.");
    person.go(&form, "next").expect_status(200);
    assert!(offers(person.page(), "send"), "{}", person.page().text());
}

/// Goes on from a page to the review, and sends.
fn send_from_the_review<'p>(person: &'p mut Respondent, form: &Form) -> &'p Page {
    person.go(form, "next");
    while !offers(person.page(), "send") {
        let form = person.form();
        person.go(&form, "next");
    }
    let form = person.form();
    person.go(&form, "send")
}

stories! {
    fn what_is_needed_is_asked_for_and_the_rest_is_kept(stage: &Stage) {
        let (_, link) = visit(stage);
        let mut person = stage.respondent(&link);
        person.start();
        let mut form = person.form();
        assert_eq!(form.names(), ["a.A1", "a.A2", "a.R1", "a.S1"]);
        form.choose("a.A1", "4").choose("a.A2", "missing:dont_know").choose("a.R1", "10");
        let page = person.go(&form, "next");
        page.expect_status(422).expect_text("One question needs another look");
        expect_modest(page);
        assert!(page.title().starts_with("Please check:"), "{}", page.title());
        let [place] = &page.attributes(".summary[role=alert] a", "href")[..] else { panic!("one place to mend") };
        let told = page.texts(&format!("fieldset{place} .problem"));
        assert_eq!(told, ["Please choose or write an answer."]);

        let mut form = person.form();
        assert_eq!(form.values("a.A1"), ["4"]);
        assert_eq!(form.values("a.A2"), ["missing:dont_know"]);
        assert_eq!(form.values("a.R1"), ["10"]);
        form.choose("a.S1", "no");
        person.go(&form, "next").expect_status(200).expect_text("Part 2 of 2");
    }

    fn every_wrong_answer_is_explained_where_it_stands(stage: &Stage) {
        let (_, link) = visit(stage);
        let mut person = stage.respondent(&link);
        let mut form = first_page(&mut person);
        for option in ["bus", "bike", "car", "foot"] {
            form.tick("a.M1", option, true);
        }
        form.choose("a.K1:coffee", "1").choose("a.K1:talk", "1").choose("a.K1:tour", "2");
        form.fill("a.N1", "many");
        let page = person.go(&form, "next");
        page.expect_status(422).expect_text("3 questions need another look");
        assert_eq!(page.texts("fieldset .problem"), [
            "Please choose at most 3.",
            "Place 1 is given twice. Please give every line its own place.",
            "Please write a number, with digits only.",
        ]);

        let mut form = person.form();
        assert_eq!(form.values("a.M1"), ["bus", "bike", "car", "foot"]);
        assert_eq!((form.values("a.K1:talk"), form.values("a.K1:tour")), (vec!["1"], vec!["2"]));
        assert_eq!(form.values("a.N1"), ["many"]);
        form.tick("a.M1", "foot", false).choose("a.K1:talk", "3");
        for (typed, told) in [
            ("101", "Please write a number from 0 to 100."),
            ("-1", "Please write a number from 0 to 100."),
            ("2.55", "Please write at most one digit after the decimal mark."),
            ("1e3", "Please write a number"),
        ] {
            form.fill("a.N1", typed);
            let page = person.go(&form, "next");
            page.expect_status(422);
            let problems = page.texts("fieldset .problem");
            assert!(problems.len() == 1 && problems[0].starts_with(told), "{typed}: {problems:?}");
            form = person.form();
        }
        form.fill("a.N1", "3");
        let page = person.go(&form, "next");
        page.expect_status(200).expect_text("Your answers led to one more question.");
        let mut form = person.form();
        for typed in ["2028-01-01", "2025-12-31", "2026-02-30"] {
            form.fill("a.D1", typed);
            let page = person.go(&form, "next");
            page.expect_status(422);
            assert_eq!(page.texts("fieldset .problem").len(), 1, "{typed}");
            form = person.form();
        }
        form.fill("a.D1", "2026-12-31");
        person.go(&form, "next").expect_status(200);
        assert!(offers(person.page(), "send"));
    }

    fn the_review_shows_every_answer_in_words(stage: &Stage) {
        let (_, link) = visit(stage);
        let mut person = stage.respondent(&link);
        answer_all(&mut person);
        expect_modest(person.page());
        assert_eq!(review(person.page()), [
            "I was welcome. Mostly",
            "I had to wait long. I don't know",
            "How was your visit? 7",
            "Will you come again? Yes",
            "How do you travel? Bus Car",
            "Put these in order. 1. A tour 2. Coffee 3. A talk",
            "How many hours did you stay? 2,5",
            "When do you come again? 1 May 2026",
            "Who received you? Ms. O'Neill",
            "Anything else? Thanks! See you <soon> & well.",
        ]);
        // In the other language the answers are the same, in other words.
        let form = person.form();
        let page = person.go(&form, "language-nl");
        page.expect_status(200);
        assert_eq!(page.language(), Some("nl"));
        let lines = review(page);
        assert_eq!(lines.len(), 10);
        assert_eq!((lines[0].as_str(), lines[4].as_str()), ("Ik was welkom. Grotendeels", "Hoe reist u? Bus Auto"));
    }

    fn changing_an_answer_drops_what_it_hides(stage: &Stage) {
        let (community, link) = visit(stage);
        let mut person = stage.respondent(&link);
        answer_all(&mut person);
        let form = person.form();
        person.go(&form, "section-0").expect_status(200);
        let mut form = person.form();
        assert_eq!(form.values("a.A1"), ["4"], "the page remembers");
        form.choose("a.S1", "no").choose("a.R1", "1");
        person.go(&form, "next");
        let form = person.form();
        assert_eq!(form.names(), ["a.N1", "a.D1", "a.T1", "a.T2"], "the way of travelling and the ranking are hidden");
        assert_eq!(form.values("a.T2"), ["Thanks!\nSee you <soon> & well."]);
        // Back and forth loses nothing.
        person.go(&form, "back");
        let form = person.form();
        assert_eq!(form.values("a.S1"), ["no"]);
        person.go(&form, "next");
        let form = person.form();
        person.go(&form, "next");
        let lines = review(person.page());
        assert_eq!(lines.len(), 8);
        assert!(!person.page().text().contains("Bus"), "a hidden answer is still shown");
        super::send(&mut person);

        community.close("visit");
        let [row] = &behind::query(stage, "ballots", "SELECT packed FROM response")[..] else { panic!("one response") };
        let packed = row[0].trim_start_matches("\\x").to_owned();
        // A1 agrees, A2 unknown, R1 one, S1 no; then the three bytes of M1 and the four of K1, not shown and empty.
        assert_eq!(&packed[..22], "04ff0202fc0000fc000000");
        let mut texts = behind::query(stage, "ballots", "SELECT item, content FROM free_text");
        texts.sort();
        assert_eq!(texts.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["T1", "T2"]);
        assert_eq!(texts[0][1], "Ms. O'Neill");
        assert_eq!(texts[1][1].replace("\r\n", "\n"), "Thanks!\nSee you <soon> & well.");
    }

    fn another_language_halfway_keeps_everything(stage: &Stage) {
        let (_, link) = visit(stage);
        let mut person = stage.respondent(&link);
        let mut form = first_page(&mut person);
        form.tick("a.M1", "boat", true).fill("a.T1", "Jo").choose("a.K1:talk", "2");
        let page = person.go(&form, "language-nl");
        page.expect_status(200).expect_text("Hoe reist u?");
        assert_eq!(page.language(), Some("nl"));
        let mut form = person.form();
        assert_eq!(form.values("a.M1"), ["boat"]);
        assert_eq!(form.values("a.T1"), ["Jo"]);
        assert_eq!(form.values("a.K1:talk"), ["2"], "a half-given ranking stays");
        form.choose("a.K1:talk", "");
        person.go(&form, "back");
        let form = person.form();
        assert_eq!(form.values("a.A1"), ["4"]);
        assert_eq!(person.page().language(), Some("nl"));
        // The welcome page switches by an address.
        let welcome = person.browser().open(&format!("{link}?language=nl"));
        assert_eq!(welcome.language(), Some("nl"));
        assert_eq!(person.start().language(), Some("nl"));
        let unknown = person.browser().open(&format!("{link}?language=tlh"));
        unknown.expect_status(200);
        assert_eq!(unknown.language(), Some("en"));
    }

    fn an_answer_can_be_taken_back(stage: &Stage) {
        let (_, link) = visit(stage);
        let mut person = stage.respondent(&link);
        person.start();
        let mut form = person.form();
        form.choose("a.A1", "4").choose("a.R1", "3").choose("a.S1", "no");
        let clears = person.page().attributes("button.clear", "value");
        let clear = clears.iter().find(|value| value.as_str() == "clear-A1").expect("a way to take it back");
        person.go(&form, clear).expect_status(200);
        let form = person.form();
        assert!(form.values("a.A1").is_empty());
        assert_eq!((form.values("a.R1"), form.values("a.S1")), (vec!["3"], vec!["no"]));
    }

    fn an_empty_sheet_cannot_be_sent(stage: &Stage) {
        let community = Community::found(stage);
        community.school("de-linde");
        community.enrol("de-linde", "parent", 1);
        community.round("autumn", "de-linde", &["parent"]);
        let link = community.invite_by_app("autumn").remove(0);
        let mut person = stage.respondent(&link.url);
        person.start();
        while !offers(person.page(), "send") {
            let form = person.form();
            person.go(&form, "next").expect_status(200);
        }
        let asked = community.items("autumn", "parent").len();
        person.page().expect_text(&format!("You left {asked} questions open."));
        let form = person.form();
        person.go(&form, "send").expect_status(422).expect_text("Nothing has been answered yet.");
        assert_eq!(community.progress("autumn")["done"], 0);
        // "I do not know" alone is no answer either; one real answer is enough.
        let form = person.form();
        person.go(&form, "section-0");
        let mut form = person.form();
        let name = form.names()[0].to_owned();
        form.choose(&name, "missing:dont_know");
        send_from_the_review(&mut person, &form).expect_status(422);
        let form = person.form();
        person.go(&form, "section-0");
        let mut form = person.form();
        assert_eq!(form.values(&name), ["missing:dont_know"]);
        form.choose(&name, "2");
        send_from_the_review(&mut person, &form).expect_status(200).expect_text("Thank you!");
    }
}
