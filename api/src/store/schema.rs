//! The tables of both stores, as diesel knows them. The same on both backends.

diesel::table! {
    tenant (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    stakeholder_group (tenant, code) {
        tenant -> BigInt,
        code -> Text,
        title -> Text,
        protection -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    organisation (tenant, code) {
        tenant -> BigInt,
        code -> Text,
        parent -> Nullable<Text>,
        level -> Text,
        name -> Text,
        path -> Text,
    }
}

diesel::table! {
    person (tenant, id) {
        tenant -> BigInt,
        id -> Text,
        reference -> Nullable<Text>,
        email -> Nullable<Text>,
        language -> Text,
        unsubscribed -> Bool,
    }
}

diesel::table! {
    role (tenant, person, organisation, group_code) {
        tenant -> BigInt,
        person -> Text,
        organisation -> Text,
        group_code -> Text,
        form -> Nullable<Text>,
    }
}

diesel::table! {
    framework (tenant, id, version) {
        tenant -> BigInt,
        id -> Text,
        version -> Text,
        document -> Text,
        published_at -> BigInt,
    }
}

diesel::table! {
    questionnaire (tenant, id, version) {
        tenant -> BigInt,
        id -> Text,
        version -> Text,
        framework -> Text,
        framework_version -> Text,
        document -> Text,
        published_at -> BigInt,
    }
}

diesel::table! {
    round (tenant, code) {
        tenant -> BigInt,
        code -> Text,
        organisation -> Text,
        questionnaire -> Text,
        questionnaire_version -> Text,
        title -> Text,
        mode -> Text,
        status -> Text,
        opens_at -> Nullable<BigInt>,
        closes_at -> Nullable<BigInt>,
        plan -> Text,
        minimums -> Text,
        promise -> Nullable<Text>,
        baseline -> Nullable<Text>,
        issued -> Nullable<BigInt>,
        claimed -> Nullable<BigInt>,
        ballots -> Nullable<BigInt>,
        opened -> Nullable<BigInt>,
        sealing_key -> Nullable<Text>,
    }
}

diesel::table! {
    invitation (tenant, id) {
        tenant -> BigInt,
        id -> Text,
        round -> Text,
        person -> Text,
        token_hash -> Nullable<Binary>,
        link_nonce -> Nullable<Binary>,
        delivery -> Text,
    }
}

diesel::table! {
    assignment (tenant, round, invitation, organisation, form) {
        tenant -> BigInt,
        round -> Text,
        invitation -> Text,
        organisation -> Text,
        form -> Text,
        group_code -> Text,
        done -> Bool,
        claim -> Nullable<Text>,
        blinded -> Nullable<Binary>,
    }
}

diesel::table! {
    signing_key (tenant, round, number) {
        tenant -> BigInt,
        round -> Text,
        number -> BigInt,
        form -> Text,
        public_key -> Nullable<Binary>,
    }
}

diesel::table! {
    eligibility (tenant, round, organisation, form) {
        tenant -> BigInt,
        round -> Text,
        organisation -> Text,
        form -> Text,
        signing_key -> BigInt,
    }
}

diesel::table! {
    former_claim (tenant, round, organisation, form) {
        tenant -> BigInt,
        round -> Text,
        organisation -> Text,
        form -> Text,
        claimed -> BigInt,
        done -> BigInt,
    }
}

diesel::table! {
    participation (tenant, round, organisation, form) {
        tenant -> BigInt,
        round -> Text,
        organisation -> Text,
        form -> Text,
        invited -> BigInt,
        answered -> BigInt,
    }
}

diesel::table! {
    outbox (tenant, id) {
        tenant -> BigInt,
        id -> Text,
        kind -> Text,
        subject -> Text,
        message_id -> Text,
        status -> Text,
        attempts -> BigInt,
        next_attempt_at -> BigInt,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    account (tenant, id) {
        tenant -> BigInt,
        id -> Text,
        email -> Text,
        password_hash -> Text,
        language -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    account_role (tenant, account, organisation) {
        tenant -> BigInt,
        account -> Text,
        organisation -> Text,
        role -> Text,
    }
}

diesel::table! {
    session (hash) {
        hash -> Binary,
        tenant -> BigInt,
        account -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    api_client (tenant, id) {
        tenant -> BigInt,
        id -> Text,
        name -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        organisation -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    setup_link (hash) {
        hash -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    ballot_box (tenant, round) {
        tenant -> BigInt,
        round -> Text,
        status -> Text,
        ballots -> BigInt,
    }
}

diesel::table! {
    mailbox (tenant, round, tag) {
        tenant -> BigInt,
        round -> Text,
        tag -> Binary,
        sealed -> Binary,
    }
}

diesel::table! {
    draft (tenant, round, key) {
        tenant -> BigInt,
        round -> Text,
        key -> Binary,
        content -> Binary,
    }
}

diesel::table! {
    response (tenant, round, key) {
        tenant -> BigInt,
        round -> Text,
        key -> Binary,
        organisation -> Text,
        form -> Text,
        subject -> Nullable<Text>,
        packed -> Binary,
    }
}

diesel::table! {
    free_text (tenant, round, key) {
        tenant -> BigInt,
        round -> Text,
        key -> Binary,
        organisation -> Text,
        form -> Text,
        item -> Text,
        content -> Text,
    }
}

diesel::table! {
    tally (tenant, round, organisation, form) {
        tenant -> BigInt,
        round -> Text,
        organisation -> Text,
        form -> Text,
        content -> Binary,
        decisions -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organisation,
    person,
    role,
    invitation,
    assignment,
    signing_key,
    eligibility,
    account,
    account_role,
    session,
    api_client,
    round,
    tenant
);
