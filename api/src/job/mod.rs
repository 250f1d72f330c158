//! Work that nobody waits for: rounds that keep their time, ballots that are opened as they come, counts, mail, cleaning up.

use crate::app::App;
use crate::error::{Error, Result};
use crate::service::{account, outbox, participation, pseudonym, timetable};
use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long the end of the process waits for a job. Every job can be broken off anywhere.
const LAST_TURN: Duration = Duration::from_millis(500);

/// The jobs of one process. They do not share a turn: a slow mail server holds up no round.
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Jobs {
    /// Starts every job.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let (stop, stopped) = watch::channel(false);
        let second = Duration::from_secs(1);
        let running = vec![
            repeat(
                app,
                &stopped,
                second,
                "keep the time of rounds",
                |app| async move { timetable::keep_time(&app).await },
            ),
            repeat(app, &stopped, second, "open ballots", |app| async move {
                timetable::absorb_continuous(&app).await
            }),
            repeat(
                app,
                &stopped,
                second,
                "count participation",
                |app| async move { participation::refresh_changed(&app).await },
            ),
            repeat(
                app,
                &stopped,
                Duration::from_millis(250),
                "send mail",
                |app| async move { outbox::deliver_due(&app).await },
            ),
            repeat(
                app,
                &stopped,
                Duration::from_mins(1),
                "destroy keys on the day promised",
                |app| async move { pseudonym::keep_promises(&app).await },
            ),
            repeat(
                app,
                &stopped,
                Duration::from_hours(1),
                "clean up",
                |app| async move { account::clean_up(&app).await },
            ),
        ];
        Self { stop, running }
    }

    /// Lets every job finish its turn, if that does not take long.
    pub async fn stop(self) {
        if self.stop.send(true).is_err() {
            tracing::debug!("every job had ended already");
        }
        for job in self.running {
            match tokio::time::timeout(LAST_TURN, job).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::error!("a job ended in a panic"),
                Err(_) => tracing::warn!("a job is left as by a crash; it goes on after a restart"),
            }
        }
    }
}

/// Runs `turn` again and again, `pause` after it has ended, until told to stop. A failure is logged, once until it has passed.
fn repeat<F, T>(
    app: &App,
    stopped: &watch::Receiver<bool>,
    pause: Duration,
    name: &'static str,
    turn: F,
) -> JoinHandle<()>
where
    F: Fn(App) -> T + Send + 'static,
    T: Future<Output = Result<()>> + Send,
{
    let (app, mut stopped) = (app.clone(), stopped.clone());
    tokio::spawn(async move {
        let mut failing = false;
        while !*stopped.borrow() {
            match turn(app.clone()).await {
                Ok(()) => failing = false,
                Err(error) if failing => tracing::debug!("{name}: still failing: {error}"),
                Err(error) => {
                    failing = true;
                    report(name, &error);
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.changed() => {}
            }
        }
    })
}

fn report(name: &str, error: &Error) {
    match error {
        Error::Internal(cause) | Error::Unavailable(cause) | Error::StorageFailed(cause) => {
            tracing::error!("{name} failed and will be tried again: {cause:?}");
        }
        other => tracing::error!("{name} failed and will be tried again: {other}"),
    }
}
