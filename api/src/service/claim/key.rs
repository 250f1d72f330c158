//! The keys that sign claims: made when they are first needed, private halves in the key folder, gone when the round closes.

use super::eligibility;
use crate::app::App;
use crate::ballot::blind::{self, BlindError, PublicKey};
use crate::error::{Error, Result};
use crate::service::respondent::{self, Task};
use crate::service::round::{Round, Status};
use crate::store::{Side, on};
use tokio::sync::Mutex;

/// Held while this process makes a key, so that many who come at once do not each make one.
#[derive(Debug, Default)]
pub struct Making(Mutex<()>);

/// The public half of a key that signs claims.
#[derive(Clone)]
pub struct Key {
    /// Its number in the round, from 1.
    pub number: i64,
    public: PublicKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({}, {})", self.number, self.fingerprint())
    }
}

impl Key {
    pub(in crate::service) fn read(number: i64, der: &[u8]) -> Result<Self> {
        let public = PublicKey::from_der(der).map_err(Error::internal)?;
        Ok(Self { number, public })
    }

    /// Name of the scheme it signs in.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        blind::ALGORITHM
    }

    /// The modulus, most significant byte first.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        self.public.modulus()
    }

    /// The public exponent, most significant byte first.
    #[must_use]
    pub fn exponent(&self) -> Vec<u8> {
        self.public.exponent()
    }

    /// SHA-256 of its `SubjectPublicKeyInfo`, in hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint()
    }

    /// Checks the signature of a credential.
    ///
    /// # Errors
    /// [`Error::CredentialInvalid`] where it does not hold.
    pub(in crate::service) fn check(&self, credential: &blind::Credential) -> Result<()> {
        credential
            .verify(&self.public)
            .map_err(|_| Error::CredentialInvalid)
    }

    pub(super) fn takes(&self, blinded: &[u8]) -> bool {
        self.public.takes(blinded)
    }
}

/// Name of the private half in the key folder.
fn secret_name(tenant: i64, round: &str, number: i64) -> String {
    format!("blind-{tenant}-{round}.{number}")
}

/// The key that signs for a task; made now if need be.
pub(super) async fn of(app: &App, round: &Round, task: &Task) -> Result<Key> {
    let (number, public) = number_of(app, round, task).await?;
    if let Some(der) = public {
        return Key::read(number, &der);
    }
    let _making = app.making.0.lock().await;
    let (tenant, code) = (round.tenant, round.code.clone());
    let made = app
        .store
        .read(Side::Roster, "find a signing key", move |conn| {
            on!(conn, claim::signing_key(tenant, &code, number))
        })
        .await?;
    match made.and_then(|row| row.public_key) {
        Some(der) => Key::read(number, &der),
        None => make(app, round, number).await,
    }
}

/// Number of the key that signs for a task, and its public half where it has been made.
async fn number_of(app: &App, round: &Round, task: &Task) -> Result<(i64, Option<Vec<u8>>)> {
    let (tenant, code) = (round.tenant, round.code.clone());
    let (organisation, form) = (task.organisation.clone(), task.form.clone());
    let known = app
        .store
        .read(Side::Roster, "find a signing key", move |conn| {
            let Some(number) = on!(conn, claim::eligible(tenant, &code, &organisation, &form))?
            else {
                return Ok(None);
            };
            on!(conn, claim::signing_key(tenant, &code, number))
        })
        .await?;
    if let Some(key) = known {
        return Ok((key.number, key.public_key));
    }
    let (round, task) = (round.clone(), task.clone());
    app.store
        .write(Side::Roster, "decide who signs for whom", move |conn| {
            let number = eligibility::decide(conn, &round, &task.organisation, &task.form)?;
            let key = on!(conn, claim::signing_key(round.tenant, &round.code, number))?;
            Ok((number, key.and_then(|key| key.public_key)))
        })
        .await
}

/// Makes a key, or takes the one that another process has made meanwhile.
async fn make(app: &App, round: &Round, number: i64) -> Result<Key> {
    let (keys, name) = (
        app.keys.clone(),
        secret_name(round.tenant, &round.code, number),
    );
    let der = blocking(move || {
        let private = if let Some(private) = keys.secret_bytes(&name).map_err(Error::internal)? {
            private
        } else {
            let new = blind::generate().map_err(Error::internal)?;
            keys.create_secret_bytes(&name, new.as_ref())
                .map_err(Error::internal)?
        };
        let public = PublicKey::of_private(&private).map_err(Error::internal)?;
        Ok(public.der().to_vec())
    })
    .await?;
    let key = Key::read(number, &der)?;
    let (tenant, code) = (round.tenant, round.code.clone());
    let open = app
        .store
        .write(Side::Roster, "record a signing key", move |conn| {
            let status = on!(conn, round::hold(tenant, &code))?;
            let open = status.as_deref() == Some(Status::Open.as_str());
            if open {
                on!(conn, claim::set_public_key(tenant, &code, number, &der))?;
            }
            Ok(open)
        })
        .await?;
    if open {
        return Ok(key);
    }
    // The round was closed meanwhile, and its keys destroyed: this one came too late to be among them.
    app.keys
        .destroy(&secret_name(round.tenant, &round.code, number))
        .map_err(Error::internal)?;
    Err(respondent::closed())
}

/// Signs a blinded value.
pub(super) async fn sign(
    app: &App,
    round: &Round,
    number: i64,
    blinded: Vec<u8>,
) -> Result<Vec<u8>> {
    let (keys, name) = (
        app.keys.clone(),
        secret_name(round.tenant, &round.code, number),
    );
    blocking(move || {
        let private = keys
            .secret_bytes(&name)
            .map_err(Error::internal)?
            .ok_or_else(respondent::closed)?;
        blind::sign(&private, &blinded).map_err(|error: BlindError| Error::internal(error))
    })
    .await
}

/// Runs what takes long on a thread that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)?
}
