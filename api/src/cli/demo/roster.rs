//! The people of the fictional community, as the table that a school would send.

use std::fmt::Write;

/// A fictional school.
pub(super) struct School {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) classes: [&'static str; 4],
}

/// The schools of the community.
pub(super) const SCHOOLS: [School; 3] = [
    School {
        code: "wilgenhof",
        name: "De Wilgenhof",
        classes: ["wilgenhof-5", "wilgenhof-6", "wilgenhof-7", "wilgenhof-8"],
    },
    School {
        code: "zonnewijzer",
        name: "De Zonnewijzer",
        classes: [
            "zonnewijzer-5",
            "zonnewijzer-6",
            "zonnewijzer-7",
            "zonnewijzer-8",
        ],
    },
    School {
        code: "veerhuis",
        name: "Het Veerhuis",
        classes: ["veerhuis-5", "veerhuis-6", "veerhuis-7", "veerhuis-8"],
    },
];

/// Learners in each class of a school: one class is small.
const LEARNERS: [usize; 4] = [27, 26, 24, 8];
const PARENTS: usize = 78;
const STAFF: usize = 24;
const EMPLOYERS: usize = 15;

/// The roster of the whole community: about six hundred people, some in several roles.
pub(super) fn table() -> String {
    let mut table = "reference,email,group,organisation,language,form\n".to_owned();
    let mut row = |reference: &str,
                   email: &str,
                   group: &str,
                   organisation: &str,
                   language: &str,
                   form: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "{reference},{email},{group},{organisation},{language},{form}"
        );
    };
    for (school_number, school) in SCHOOLS.iter().enumerate() {
        for (class, learners) in school.classes.iter().zip(LEARNERS) {
            for learner in 1..=learners {
                let form = if learner % 9 == 0 { "learner-easy" } else { "" };
                row(
                    &format!("{class}-{learner:02}"),
                    "",
                    "learner",
                    class,
                    "nl",
                    form,
                );
            }
        }
        for parent in 1..=PARENTS {
            let person = format!("parent{}{parent:02}", school_number + 1);
            let language = if parent % 5 == 0 { "en" } else { "nl" };
            row(
                &person,
                &format!("{person}@families.example"),
                "parent",
                school.code,
                language,
                "",
            );
        }
        for member in 1..=STAFF {
            let person = format!("staff{}{member:02}", school_number + 1);
            row(
                &person,
                &format!("{person}@schools.example"),
                "staff",
                school.code,
                "nl",
                "",
            );
        }
    }
    // Families with children at two schools.
    for parent in 1..=6 {
        let person = format!("parent1{parent:02}");
        let language = if parent % 5 == 0 { "en" } else { "nl" };
        row(
            &person,
            &format!("{person}@families.example"),
            "parent",
            "veerhuis",
            language,
            "",
        );
    }
    // Companies that take learners of several schools.
    for employer in 1..=EMPLOYERS {
        let person = format!("employer{employer:02}");
        for (number, school) in SCHOOLS.iter().enumerate() {
            if (employer + number) % 3 != 0 {
                row(
                    &person,
                    &format!("{person}@companies.example"),
                    "employer",
                    school.code,
                    "nl",
                    "",
                );
            }
        }
    }
    table
}
