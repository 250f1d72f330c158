//! A device that claims blindly (RFC 9474), written apart from the server and from the browser's client.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use num_bigint::BigUint;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384};

use crate::http::{Caller, Reply};

/// The public exponent of every key.
const EXPONENT: u32 = 65537;

/// Bytes of SHA-384.
const HASH: usize = 48;

/// EMSA-PSS (RFC 8017, 9.1.1) with SHA-384, for a modulus of `size` bytes whose highest bit is set.
pub fn encode(message: &[u8], salt: &[u8], size: usize) -> Vec<u8> {
    let hash = Sha384::new()
        .chain_update([0; 8])
        .chain_update(Sha384::digest(message))
        .chain_update(salt)
        .finalize();
    let mut data = vec![0; size - salt.len() - HASH - 2];
    data.push(1);
    data.extend(salt);
    let mask = (0_u32..).flat_map(|count| {
        let block = Sha384::new()
            .chain_update(hash)
            .chain_update(count.to_be_bytes());
        block.finalize().to_vec()
    });
    let mut encoded: Vec<u8> = data
        .iter()
        .zip(mask)
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    encoded[0] &= 0x7f;
    encoded.extend(hash);
    encoded.push(0xbc);
    encoded
}

/// A value that was blinded, with what undoes it.
#[derive(Clone, Debug)]
pub struct Blinded {
    encoded: BigUint,
    factor: BigUint,
    modulus: BigUint,
    size: usize,
    /// What the server signs.
    pub value: Vec<u8>,
}

/// Blinds an encoded message with a factor.
pub fn blind(encoded: &[u8], factor: &[u8], modulus: &[u8]) -> Blinded {
    let [encoded, factor, n] = [encoded, factor, modulus].map(BigUint::from_bytes_be);
    let value = &encoded * factor.modpow(&EXPONENT.into(), &n) % &n;
    Blinded {
        value: bytes(&value, modulus.len()),
        size: modulus.len(),
        encoded,
        factor,
        modulus: n,
    }
}

impl Blinded {
    /// Undoes the blinding of a signature and checks what remains; `None` where it does not hold.
    pub fn finish(&self, signed: &[u8]) -> Option<Vec<u8>> {
        let inverse = self.factor.modinv(&self.modulus)?;
        let signature = BigUint::from_bytes_be(signed) * inverse % &self.modulus;
        let holds = signature.modpow(&EXPONENT.into(), &self.modulus) == self.encoded;
        holds.then(|| bytes(&signature, self.size))
    }
}

/// A number in so many bytes, most significant first.
fn bytes(number: &BigUint, size: usize) -> Vec<u8> {
    let digits = number.to_bytes_be();
    let mut padded = vec![0; size - digits.len()];
    padded.extend(digits);
    padded
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// HKDF with SHA-256 (RFC 5869).
fn derive(secret: &[u8], salt: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let key = hmac(salt, &[secret]);
    let (mut derived, mut block) = (Vec::new(), Vec::new());
    for count in 1..=u8::MAX {
        block = hmac(&key, &[&block, info, &[count]]);
        derived.extend(&block);
        if derived.len() >= length {
            break;
        }
    }
    derived.truncate(length);
    derived
}

/// A claim that a device has prepared from a code.
#[derive(Clone, Debug)]
pub struct Prepared {
    head: String,
    message: Vec<u8>,
    blinded: Blinded,
    /// The key that drafts are encrypted with.
    pub draft_key: Vec<u8>,
}

impl Prepared {
    /// From a code of 16 characters and the answer of `/api/v1/claims/key`.
    pub fn new(code: &str, offer: &Value) -> Self {
        let text = |name: &str| offer[name].as_str().unwrap_or_default().to_owned();
        let info = [text("round"), text("organisation"), text("form")].join("\n");
        let derived = derive(code.as_bytes(), b"klankbord claim 1", info.as_bytes(), 544);
        let modulus = from_text(&offer["key"]["modulus"]);
        let factor = BigUint::from_bytes_be(&derived[112..512]) % BigUint::from_bytes_be(&modulus);
        let encoded = encode(&derived[..64], &derived[64..112], modulus.len());
        Self {
            head: format!(
                "{}.{}.{}",
                offer["tenant"],
                text("round"),
                offer["key"]["number"]
            ),
            message: derived[..64].to_vec(),
            blinded: blind(&encoded, &factor.to_bytes_be(), &modulus),
            draft_key: derived[512..].to_vec(),
        }
    }

    /// What the server is asked to sign.
    pub fn blinded(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.blinded.value)
    }

    /// The credential, of what the server has signed.
    pub fn finish(&self, signature: &Value) -> String {
        let signature = self.blinded.finish(&from_text(signature));
        self.with_signature(&signature.expect("the signature holds"))
    }

    /// A credential with any signature.
    pub fn with_signature(&self, signature: &[u8]) -> String {
        let content = [self.message.as_slice(), signature].concat();
        format!("{}.{}", self.head, URL_SAFE_NO_PAD.encode(content))
    }
}

/// A code as a device makes it: 80 random bits in 16 characters.
pub fn random_code() -> String {
    let sign = |byte: u8| char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[usize::from(byte % 32)]);
    rand::random::<[u8; 16]>().into_iter().map(sign).collect()
}

/// The bytes of a text in base64url.
pub fn from_text(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap_or_default();
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// A form of a link that a device claims with a code.
#[derive(Clone, Debug)]
pub struct Device<C> {
    caller: C,
    token: String,
    code: String,
    organisation: Option<String>,
    form: Option<String>,
}

impl<C: Caller> Device<C> {
    /// A device with a link and a code of 16 characters.
    pub fn new(caller: C, token: &str, code: &str) -> Self {
        Self {
            caller,
            token: token.to_owned(),
            code: code.to_owned(),
            organisation: None,
            form: None,
        }
    }

    /// For one of several forms.
    #[must_use]
    pub fn of(mut self, organisation: &str, form: &str) -> Self {
        self.organisation = Some(organisation.to_owned());
        self.form = Some(form.to_owned());
        self
    }

    /// What is needed to claim the form.
    #[track_caller]
    pub fn offer(&self) -> Value {
        self.ask_key().expect_status(200).json()
    }

    /// Asks what is needed to claim the form.
    #[track_caller]
    pub fn ask_key(&self) -> Reply {
        let mut body = json!({"token": self.token});
        if let (Some(organisation), Some(form)) = (&self.organisation, &self.form) {
            body["organisation"] = json!(organisation);
            body["form"] = json!(form);
        }
        self.caller.post_json("/api/v1/claims/key", &body)
    }

    /// What the device sends to be signed.
    pub fn request(&self, offer: &Value) -> Value {
        let prepared = Prepared::new(&self.code, offer);
        json!({
            "token": self.token, "organisation": offer["organisation"], "form": offer["form"],
            "key": offer["key"]["number"], "blinded": prepared.blinded(),
        })
    }

    /// Asks for the signature.
    #[track_caller]
    pub fn ask(&self, offer: &Value) -> Reply {
        self.caller
            .post_json("/api/v1/claims", &self.request(offer))
    }

    /// Claims the form: gives the credential.
    #[track_caller]
    pub fn claim(&self, status: u16) -> String {
        let offer = self.offer();
        let signed = self.ask(&offer).expect_status(status).json();
        Prepared::new(&self.code, &offer).finish(&signed["signature"])
    }

    /// Tells that the form is done.
    #[track_caller]
    pub fn done(&self, offer: &Value) -> Reply {
        let body = json!({"token": self.token, "organisation": offer["organisation"], "form": offer["form"]});
        self.caller.post_json("/api/v1/claims/done", &body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_hex(value: &Value) -> Vec<u8> {
        let digits = value.as_str().expect("digits");
        let pair = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits");
        (0..digits.len()).step_by(2).map(pair).collect()
    }

    #[test]
    fn every_variant_of_rfc_9474_comes_out() {
        let all: Value = serde_json::from_str(include_str!("../data/rfc9474.json")).expect("JSON");
        let modulus = from_hex(&all["n"]);
        let variants = all["variants"].as_array().expect("variants");
        assert_eq!(variants.len(), 4);
        for variant in variants {
            let name = &variant["name"];
            let encoded = encode(
                &from_hex(&variant["prepared"]),
                &from_hex(&variant["salt"]),
                512,
            );
            assert_eq!(encoded, from_hex(&variant["encoded"]), "{name}");
            let n = BigUint::from_bytes_be(&modulus);
            let factor = BigUint::from_bytes_be(&from_hex(&variant["inverse"])).modinv(&n);
            let factor = factor.expect("a factor").to_bytes_be();
            let blinded = blind(&encoded, &factor, &modulus);
            assert_eq!(blinded.value, from_hex(&variant["blinded"]), "{name}");
            let mut signed = from_hex(&variant["blindSignature"]);
            assert_eq!(
                blinded.finish(&signed),
                Some(from_hex(&variant["signature"])),
                "{name}"
            );
            signed[511] ^= 1;
            assert_eq!(blinded.finish(&signed), None, "{name}");
        }
    }

    #[test]
    fn what_is_derived_is_hkdf() {
        // RFC 5869, appendix A.1.
        let derived = derive(
            &[0x0b; 22],
            &(0..13).collect::<Vec<u8>>(),
            &(0xf0..0xfa).collect::<Vec<u8>>(),
            42,
        );
        // 3cb25f25…5865 as printed there, in base64url.
        assert_eq!(
            URL_SAFE_NO_PAD.encode(derived),
            "PLJfJfqs1XqQQ09k0DYvKi0tCpDPGlpMXbAtVuzExb80AHII1biHGFhl"
        );
    }
}
