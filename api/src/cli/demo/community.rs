//! Brings the fictional community to life through the same services that everyone else uses.

use super::answers::{Dice, answers};
use super::roster::{SCHOOLS, table};
use crate::app::App;
use crate::auth::{Role, Scope, Scopes};
use crate::error::{Error, Result};
use crate::service::account::{self, NewAccount};
use crate::service::client::{self, NewClient};
use crate::service::invitation::{Delivery, Invited, NewInvitations, invite};
use crate::service::organisation::{self, Level, NewOrganisation};
use crate::service::roster::{self, ImportOptions};
use crate::service::round::{self, Minimums, Mode, NewRound};
use crate::service::{Caller, Texts, opening, respondent, setup};
use survey_engine::questionnaire::VersionRef;
use tokio::task::JoinSet;

const COMMUNITY: &str = "rivierenland";
const BASELINE: &str = "autumn-baseline";
const REPEAT: &str = "autumn-repeat";
const OFFICER: &str = "officer@klankbord.example";
const OFFICER_PASSWORD: &str = "listen-and-improve";
const CLIENT: &str = "demo-app";

/// Submissions under way at a time.
const AT_ONCE: usize = 32;

/// The community, and the one who acts for it.
pub(super) struct Community<'a> {
    app: &'a App,
    caller: Caller,
    client_secret: String,
}

/// One link for each kind of person, and how to read the results.
pub(super) struct Links {
    parent: String,
    learner: String,
    easy: String,
    staff: String,
    employer: String,
    mails: u64,
    client_secret: String,
}

impl<'a> Community<'a> {
    /// Organisations, people, questionnaire, accounts.
    pub(super) async fn begin(app: &'a App) -> Result<Self> {
        let top = NewOrganisation {
            code: COMMUNITY.to_owned(),
            name: "Rivierenland".to_owned(),
            level: Level::Community,
            parent: None,
        };
        let caller = Caller::operator(organisation::begin_tenant(app, COMMUNITY, &top).await?);
        setup::publish_defaults(app, &caller).await?;
        for school in &SCHOOLS {
            add(
                app,
                &caller,
                school.code,
                school.name,
                Level::School,
                COMMUNITY,
            )
            .await?;
            for class in school.classes {
                let year = class.rsplit('-').next().unwrap_or_default();
                add(
                    app,
                    &caller,
                    class,
                    &format!("{}, year {year}", school.name),
                    Level::Unit,
                    school.code,
                )
                .await?;
            }
        }
        let options = ImportOptions {
            language: "nl".to_owned(),
            dry_run: false,
        };
        roster::import(app, &caller, COMMUNITY, table().as_bytes(), options).await?;
        let officer = NewAccount {
            email: OFFICER.to_owned(),
            password: OFFICER_PASSWORD.to_owned(),
            language: "en".to_owned(),
            organisation: COMMUNITY.to_owned(),
            role: Role::Officer,
        };
        account::create(app, &caller, officer).await?;
        let client = NewClient {
            id: CLIENT.to_owned(),
            name: "School app of the demonstration".to_owned(),
            scopes: Scopes::of(&Scope::ALL),
            organisation: COMMUNITY.to_owned(),
        };
        let client_secret = client::create(app, &caller, client).await?;
        Ok(Self {
            app,
            caller,
            client_secret,
        })
    }

    /// Last year's round: most people have answered, and it is closed when `weeks_pass` has been called.
    pub(super) async fn baseline(&self, weeks_pass: impl FnOnce()) -> Result<()> {
        self.open(BASELINE, [("en", "Baseline"), ("nl", "Nulmeting")], None)
            .await?;
        let invited = self.invite(BASELINE, Delivery::App, None).await?;
        let mut dice = Dice::new(2026);
        let tokens = invited
            .links
            .into_iter()
            .filter(|_| dice.share() < 0.78)
            .map(|link| link.token);
        self.answer(BASELINE, tokens.collect()).await?;
        weeks_pass();
        opening::close(self.app, &self.caller, BASELINE).await?;
        Ok(())
    }

    /// This year's round: open, with the mails on their way and the first answers in.
    pub(super) async fn repeat(&self) -> Result<Links> {
        self.open(
            REPEAT,
            [("en", "Repeat"), ("nl", "Herhaling")],
            Some(BASELINE),
        )
        .await?;
        // One school delivers its links itself, through its app; the others have theirs mailed.
        let own = SCHOOLS.last().map_or("", |school| school.code);
        let app = self.invite(REPEAT, Delivery::App, Some(own)).await?;
        let mailed = self.invite(REPEAT, Delivery::Mail, None).await?;
        let link = |form: &str| {
            app.links
                .iter()
                // The parent of the demonstration is one with children at two schools.
                .filter(|link| form != "parent" || link.reference.as_deref() == Some("parent101"))
                .find(|link| link.assignments.iter().any(|(_, one)| one == form))
                .map(|link| link.token.clone())
                .ok_or_else(|| {
                    Error::internal(anyhow::anyhow!("the demonstration has no link for {form}"))
                })
        };
        let links = Links {
            parent: link("parent")?,
            learner: link("learner")?,
            easy: link("learner-easy")?,
            staff: link("staff")?,
            employer: link("employer")?,
            mails: mailed.mails_queued,
            client_secret: self.client_secret.clone(),
        };
        let shown = [
            &links.parent,
            &links.learner,
            &links.easy,
            &links.staff,
            &links.employer,
        ];
        let mut dice = Dice::new(2027);
        let tokens = app
            .links
            .iter()
            .map(|link| &link.token)
            .filter(|token| !shown.contains(token) && dice.share() < 0.4)
            .cloned();
        self.answer(REPEAT, tokens.collect()).await?;
        crate::service::participation::refresh_changed(self.app).await?;
        Ok(links)
    }

    async fn open(
        &self,
        code: &str,
        title: [(&str, &str); 2],
        baseline: Option<&str>,
    ) -> Result<()> {
        let new = NewRound {
            code: code.to_owned(),
            organisation: COMMUNITY.to_owned(),
            questionnaire: VersionRef {
                id: "school-self-review".to_owned(),
                version: "1.0.0".to_owned(),
            },
            title: title
                .into_iter()
                .map(|(language, text)| (language.to_owned(), text.to_owned()))
                .collect::<Texts>(),
            mode: Mode::Anonymous,
            opens_at: None,
            closes_at: Some(self.app.clock.now_ms() + 28 * 24 * 60 * 60 * 1000),
            groups: Vec::new(),
            minimums: Minimums::default(),
            promise: None,
            baseline: baseline.map(str::to_owned),
        };
        round::create(self.app, &self.caller, new).await?;
        round::open(self.app, &self.caller, code).await?;
        Ok(())
    }

    async fn invite(
        &self,
        code: &str,
        delivery: Delivery,
        organisation: Option<&str>,
    ) -> Result<Invited> {
        let wanted = NewInvitations {
            delivery,
            organisation: organisation.map(str::to_owned),
            groups: Vec::new(),
        };
        invite(self.app, &self.caller, code, wanted).await
    }

    /// Answers every form of every link.
    async fn answer(&self, round: &'static str, tokens: Vec<String>) -> Result<()> {
        let mut under_way = JoinSet::new();
        for (number, token) in tokens.into_iter().enumerate() {
            if under_way.len() >= AT_ONCE
                && let Some(done) = under_way.join_next().await
            {
                done.map_err(Error::internal)??;
            }
            let app = self.app.clone();
            under_way.spawn(async move { answer_one(&app, round, number, &token).await });
        }
        while let Some(done) = under_way.join_next().await {
            done.map_err(Error::internal)??;
        }
        Ok(())
    }
}

async fn add(
    app: &App,
    caller: &Caller,
    code: &str,
    name: &str,
    level: Level,
    parent: &str,
) -> Result<()> {
    let new = NewOrganisation {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: Some(parent.to_owned()),
    };
    organisation::create(app, caller, new).await?;
    Ok(())
}

async fn answer_one(app: &App, round: &str, number: usize, token: &str) -> Result<()> {
    let person = respondent::find(app, token).await?;
    for task in &person.tasks {
        let (form, selection) = person.form(task)?;
        let school = SCHOOLS
            .iter()
            .find(|school| task.organisation.starts_with(school.code))
            .map_or("", |school| school.code);
        let mut dice = Dice::new(number as u64 * 7919 + round.len() as u64);
        let raw = answers(&mut dice, form, &selection, school, round);
        respondent::submit(app, &person, task, &raw).await?;
    }
    Ok(())
}

impl Links {
    /// What to try, for every kind of person.
    pub(super) fn lines(&self, base: &str, mail_folder: &str) -> Vec<String> {
        let survey = |token: &str| format!("{base}/s/{token}");
        let results = format!(
            "{base}/api/v1/organisations/wilgenhof/indicators?round={BASELINE}&group=parent"
        );
        vec![
            String::new(),
            "Answer as".to_owned(),
            format!(
                "  a parent (children at two schools):  {}",
                survey(&self.parent)
            ),
            format!(
                "  a learner:                           {}",
                survey(&self.learner)
            ),
            format!(
                "  a learner, easy to read:             {}",
                survey(&self.easy)
            ),
            format!(
                "  a member of staff:                   {}",
                survey(&self.staff)
            ),
            format!(
                "  an employer (several schools):       {}",
                survey(&self.employer)
            ),
            String::new(),
            "See the results as a quality officer".to_owned(),
            format!("  {base}/sign-in   {OFFICER}   {OFFICER_PASSWORD}"),
            String::new(),
            "Use the API".to_owned(),
            format!("  reference: {base}/docs/   document: {base}/openapi.json"),
            format!("  indicators of a school, as JSON ({results}):"),
            format!(
                "  curl -s -H \"Authorization: Bearer $(curl -s -u {CLIENT}:{} -d grant_type=client_credentials {base}/oauth/token | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\" '{results}'",
                self.client_secret
            ),
            String::new(),
            format!(
                "{} invitations are being written as .eml files to",
                self.mails
            ),
            format!("  {mail_folder}"),
            String::new(),
        ]
    }
}
