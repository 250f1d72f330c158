use super::super::connection::{Manager, Place, Side};
use super::super::rows::AssignmentRow;
use super::super::{migrate, on};
use super::*;
use diesel::connection::SimpleConnection;

/// Runs `story` on SQLite; the stories of submissions meet PostgreSQL.
fn on_files(side: Side, story: impl Fn(&mut Conn)) {
    let folder = std::env::temp_dir().join(crate::random::uuid());
    std::fs::create_dir_all(&folder).unwrap();
    let place = Place::Folder(folder.clone());
    migrate::run(&place, side).unwrap();
    let manager = Manager {
        place,
        side,
        read_only: false,
    };
    story(&mut manager.open().unwrap());
    drop(manager);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn ballot(round: &str, tag: u8, sealed: u8) -> MailboxRow {
    MailboxRow {
        tenant: 1,
        round: round.to_owned(),
        tag: vec![tag],
        sealed: vec![sealed],
    }
}

#[test]
fn several_ballots_of_one_tag_in_a_batch_are_as_if_they_had_come_one_after_the_other() {
    on_files(Side::Ballots, |conn| {
        on!(conn, ballot::insert_box(1, "open")).unwrap();
        put_ballots(conn, &[ballot("open", 3, 0)]).unwrap();
        let batch = [
            ballot("open", 2, 1),
            ballot("none", 2, 2),
            ballot("open", 1, 3),
            ballot("open", 2, 4),
            ballot("open", 3, 5),
        ];
        let outcomes = put_ballots(conn, &batch).unwrap();
        let expected = [
            Put::New,
            Put::Closed,
            Put::New,
            Put::Replaced,
            Put::Replaced,
        ];
        assert_eq!(outcomes, expected);
        let mut waiting = on!(conn, ballot::waiting_after(1, "open", &[], 100)).unwrap();
        waiting.sort_by(|a, b| a.tag.cmp(&b.tag));
        let expected = [(1, 3), (2, 4), (3, 5)].map(|(tag, sealed)| ballot("open", tag, sealed));
        assert_eq!(waiting, expected);
    });
}

fn key(form: &str) -> AssignmentKey {
    AssignmentKey {
        tenant: 1,
        round: "r".to_owned(),
        invitation: "i".to_owned(),
        organisation: "o".to_owned(),
        form: form.to_owned(),
    }
}

#[test]
fn an_assignment_is_claimed_once_and_what_was_claimed_blindly_stays_so() {
    on_files(Side::Roster, |conn| {
        if let Conn::Sqlite(conn) = conn {
            conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
        }
        for (form, claim) in [
            ("free", None),
            ("mine", Some("assisted")),
            ("blind", Some("blind")),
        ] {
            let AssignmentKey {
                tenant,
                round,
                invitation,
                organisation,
                form,
            } = key(form);
            let row = AssignmentRow {
                tenant,
                round,
                invitation,
                organisation,
                form,
                group_code: "g".to_owned(),
                done: false,
                claim: claim.map(str::to_owned),
                blinded: None,
            };
            on!(conn, invitation::insert_assignment(&row)).unwrap();
        }
        let claims = ["free", "blind", "free", "gone", "mine"].map(key);
        let done = BTreeSet::from(["free", "gone"].map(key));
        let outcomes = mark_assignments(conn, &claims, &done).unwrap();
        let expected = [
            Claimed::New,
            Claimed::Blind,
            Claimed::Again,
            Claimed::Gone,
            Claimed::Again,
        ];
        assert_eq!(outcomes, expected);
        let rows = on!(conn, invitation::assignments(1, "i")).unwrap();
        let stands: Vec<(&str, Option<&str>, bool)> = rows
            .iter()
            .map(|row| (row.form.as_str(), row.claim.as_deref(), row.done))
            .collect();
        let expected = [
            ("blind", Some("blind"), false),
            ("free", Some("assisted"), true),
            ("mine", Some("assisted"), false),
        ];
        assert_eq!(stands, expected);
    });
}
