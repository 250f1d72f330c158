//! The figures are those that the API shows for the same answers.

use klankbord_tests::community::Community;
use klankbord_tests::{Caller, stories};
use serde_json::{Map, Value, json};

const CLASSES: [(&str, usize); 4] = [
    ("class-1", 24),
    ("class-2", 12),
    ("class-3", 9),
    ("class-4", 4),
];

/// How person number `person` answers item number `item`.
fn answer(person: usize, item: usize) -> Value {
    match (person * 31 + item * 17) % 23 {
        0 => Value::Null,
        1 => json!({"missing": "dont_know"}),
        2 => json!({"missing": "not_applicable"}),
        other => json!(1 + (other + person % 4) % 5),
    }
}

fn cell(answer: &Value) -> String {
    match answer {
        Value::Null => String::new(),
        Value::Object(missing) => format!(
            "missing:{}",
            missing["missing"].as_str().unwrap_or_default()
        ),
        number => number.to_string(),
    }
}

stories! {
    fn a_table_gives_the_figures_that_the_api_gives(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        for (class, parents) in CLASSES {
            let unit = json!({"code": class, "name": class, "level": "unit", "parent": "school-a"});
            community.program().post_json("/api/v1/organisations", &unit).expect_status(201);
            community.enrol(class, "parent", parents);
        }
        community.round("r", "school-a", &["parent"]);
        let asked = community.items("r", "parent");
        let items: Vec<&str> = asked.iter().filter_map(|item| item["id"].as_str()).collect();
        let mut table = format!("class,{}\n", items.join(","));
        let (mut silent, mut sizes) = (0, "class,population\n".to_owned());
        for (person, link) in community.invite_by_app("r").iter().enumerate() {
            // Not everybody answers.
            if person % 8 == 7 {
                silent += 1;
                continue;
            }
            let answers: Vec<Value> = (0..items.len()).map(|item| answer(person, item)).collect();
            let given: Map<String, Value> = items.iter().zip(&answers).map(|(id, answer)| ((*id).to_owned(), answer.clone())).collect();
            community.submit(&link.token, &Value::Object(given), 201);
            let class = link.email.split(['@', '.']).nth(1).unwrap_or_default();
            let cells: Vec<String> = answers.iter().map(cell).collect();
            table.extend([class, ",", &cells.join(","), "\n"]);
        }
        assert!(silent > 0);
        community.close("r");
        for (class, parents) in CLASSES {
            sizes.extend([class, ",", &parents.to_string(), "\n"]);
        }
        std::fs::write(stage.folder().join("answers.csv"), table).expect("the table is written");
        std::fs::write(stage.folder().join("sizes.csv"), sizes).expect("the sizes are written");

        let score = ["score", "--responses", "answers.csv", "--by", "class", "--population", "sizes.csv", "--json"];
        let document = stage.cli().run(&score).expect_success().json();
        let named: Vec<&Value> = document["groups"].as_array().expect("groups").iter().map(|group| &group["group"]).collect();
        assert_eq!(named, [&Value::Null, &json!("class-1"), &json!("class-2"), &json!("class-3"), &json!("class-4")]);
        let (mut shown, mut withheld) = (0, 0);
        for (group, organisation) in ["school-a", "class-1", "class-2", "class-3", "class-4"].iter().enumerate() {
            let served = community.indicators(organisation, "r");
            let scored = &document["groups"][group]["indicators"];
            assert_eq!(scored, &served["indicators"], "{organisation}");
            assert_eq!(document["definitions"], served["definitions"]);
            for indicator in scored.as_array().expect("indicators") {
                if indicator["voices"][0]["figures"].is_null() { withheld += 1 } else { shown += 1 }
            }
        }
        assert!(shown > 30 && withheld > 10, "{shown} are shown and {withheld} are withheld");
        assert_eq!(document["protected"], true);
    }
}
