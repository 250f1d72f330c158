//! Held to the vectors of RFC 9474, Appendix A, and to keys of its own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use serde_json::Value;

/// The vectors: one key of 4096 bits, and four variants of which the server needs the first.
fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../../tests/data/rfc9474.json")).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn every_blind_signature_of_the_rfc_comes_out() {
    let all = vectors();
    let key = bytes(&all["pkcs8"]);
    for variant in all["variants"].as_array().unwrap() {
        let signed = sign(&key, &bytes(&variant["blinded"])).unwrap();
        assert_eq!(
            signed,
            bytes(&variant["blindSignature"]),
            "{}",
            variant["name"]
        );
    }
}

#[test]
fn signatures_of_the_rfc_hold_where_the_salt_has_48_bytes_and_nowhere_else() {
    let all = vectors();
    let key = PublicKey::of_private(&bytes(&all["pkcs8"])).unwrap();
    for variant in all["variants"].as_array().unwrap() {
        let (prepared, signature) = (bytes(&variant["prepared"]), bytes(&variant["signature"]));
        let salted = !variant["salt"].as_str().unwrap().is_empty();
        let verified = key.verify(&prepared, &signature);
        assert_eq!(verified.is_ok(), salted, "{}", variant["name"]);
        // One wrong bit anywhere is one too many.
        for (wrong_message, wrong_signature) in
            [(Some(0), None), (None, Some(100)), (None, Some(511))]
        {
            let (mut prepared, mut signature) = (prepared.clone(), signature.clone());
            if let Some::<usize>(at) = wrong_message {
                prepared[at] ^= 1;
            }
            if let Some::<usize>(at) = wrong_signature {
                signature[at] ^= 1;
            }
            assert_eq!(
                key.verify(&prepared, &signature),
                Err(BlindError::Signature)
            );
        }
    }
}

#[test]
fn a_new_key_signs_what_is_below_its_modulus_and_nothing_else() {
    let private = generate().unwrap();
    let key = PublicKey::of_private(private.as_ref()).unwrap();
    assert_eq!(key.exponent(), [1, 0, 1]);
    let modulus = key.modulus();
    assert_eq!(modulus.len(), SIGNATURE_LENGTH);
    assert!(modulus[0] >= 0x80);
    assert_eq!(
        PublicKey::from_der(key.der()).unwrap().fingerprint(),
        key.fingerprint()
    );
    assert_eq!(key.fingerprint().len(), 64);

    // The modulus is odd, so that two less than it differs from it in the bits of its last bytes.
    let less = |by: u8| {
        let mut value = modulus.clone();
        let mut borrow = by;
        for byte in value.iter_mut().rev() {
            let (rest, borrowed) = byte.overflowing_sub(borrow);
            *byte = rest;
            borrow = u8::from(borrowed);
        }
        value
    };
    let mut two = vec![0; 384];
    two[383] = 2;
    for value in [less(2), two] {
        assert!(key.takes(&value));
        let signed = sign(private.as_ref(), &value).unwrap();
        assert_ne!(signed, value);
        assert_eq!(sign(private.as_ref(), &value).unwrap(), signed);
    }
    let mut one = vec![0; 384];
    one[383] = 1;
    for wrong in [
        modulus.clone(),
        less(1),
        one,
        vec![0; 384],
        vec![0xff; 384],
        vec![1; 383],
        vec![1; 385],
        Vec::new(),
    ] {
        assert!(!key.takes(&wrong));
        assert_eq!(sign(private.as_ref(), &wrong), Err(BlindError::Value));
    }
    let below = less(2);
    assert_eq!(sign(b"no key", &below), Err(BlindError::Key));
    assert_eq!(PublicKey::from_der(b"no key").err(), Some(BlindError::Key));
}

#[test]
fn a_credential_is_read_only_where_all_of_it_is_there() {
    use base64::Engine as _;
    let bytes: Vec<u8> = (0..448_u16).map(|at| at.to_le_bytes()[0]).collect();
    let text = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let whole = format!("3.autumn-2026.2.{}", text(&bytes));
    let credential = Credential::parse(&whole).unwrap();
    assert_eq!(
        (
            credential.tenant,
            credential.round.as_str(),
            credential.number
        ),
        (3, "autumn-2026", 2)
    );
    assert_eq!(format!("{credential:?}"), "[redacted]");
    assert_ne!(credential.tag(), credential.draft_key());
    let (short, long) = (text(&bytes[1..]), text(&[&bytes[..], &[0]].concat()));
    for wrong in [
        String::new(),
        format!("3.autumn-2026.{}", text(&bytes)),
        format!("{whole}.1"),
        format!("x.autumn-2026.2.{}", text(&bytes)),
        format!("3.autumn-2026.2.{short}"),
        format!("3.autumn-2026.2.{long}"),
        format!("3.{}.2.{}", "r".repeat(300), text(&bytes)),
        whole.replace("-2026", "-2026\u{0}") + "=",
    ] {
        assert!(Credential::parse(&wrong).is_none(), "{wrong}");
    }
    // Another round, key or nonce has another tag; another randomizer or signature has not.
    let tag_of = |text: &str| Credential::parse(text).unwrap().tag();
    assert_ne!(tag_of(&whole.replace(".2.", ".3.")), credential.tag());
    assert_ne!(tag_of(&whole.replace("autumn", "spring")), credential.tag());
    let mut other = bytes.clone();
    other[40] ^= 1;
    assert_ne!(
        tag_of(&format!("3.autumn-2026.2.{}", text(&other))),
        credential.tag()
    );
    let mut other = bytes;
    other[0] ^= 1;
    other[100] ^= 1;
    assert_eq!(
        tag_of(&format!("3.autumn-2026.2.{}", text(&other))),
        credential.tag()
    );
}
