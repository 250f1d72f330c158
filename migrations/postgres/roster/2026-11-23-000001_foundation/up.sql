-- Who is asked: organisations, people, rounds, invitations, accounts. Never an answer.
-- Times are milliseconds since 1970-01-01 UTC. Every key starts with the tenant.

CREATE TABLE tenant (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE stakeholder_group (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    protection TEXT NOT NULL CHECK (protection IN ('adult', 'child')),
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant, code)
);

-- path is '/country/region/school/': everything at or below a node shares its prefix.
CREATE TABLE organisation (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    code TEXT NOT NULL,
    parent TEXT,
    level TEXT NOT NULL CHECK (level IN ('system', 'region', 'community', 'school', 'unit')),
    name TEXT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, code),
    FOREIGN KEY (tenant, parent) REFERENCES organisation (tenant, code)
);
CREATE UNIQUE INDEX organisation_path ON organisation (tenant, path);

CREATE TABLE person (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    id TEXT NOT NULL,
    reference TEXT,
    email TEXT,
    language TEXT NOT NULL,
    unsubscribed BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX person_reference ON person (tenant, reference);
CREATE INDEX person_email ON person (tenant, email);

CREATE TABLE role (
    tenant BIGINT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    group_code TEXT NOT NULL,
    form TEXT,
    PRIMARY KEY (tenant, person, organisation, group_code),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, organisation) REFERENCES organisation (tenant, code),
    FOREIGN KEY (tenant, group_code) REFERENCES stakeholder_group (tenant, code)
);
CREATE INDEX role_organisation ON role (tenant, organisation, group_code);

CREATE TABLE framework (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id, version)
);

CREATE TABLE questionnaire (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    framework TEXT NOT NULL,
    framework_version TEXT NOT NULL,
    document TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id, version),
    FOREIGN KEY (tenant, framework, framework_version) REFERENCES framework (tenant, id, version)
);

-- plan: which forms and modules each group is asked. promise: what a confidential round tells its respondents.
-- issued >= claimed >= ballots = opened are the counts anyone may check, written once at the opening of the ballots.
CREATE TABLE round (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    code TEXT NOT NULL,
    organisation TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    questionnaire_version TEXT NOT NULL,
    title TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('anonymous', 'confidential', 'identified')),
    status TEXT NOT NULL CHECK (status IN ('draft', 'open', 'closing', 'closed')),
    opens_at BIGINT,
    closes_at BIGINT,
    plan TEXT NOT NULL,
    minimums TEXT NOT NULL,
    promise TEXT,
    baseline TEXT,
    issued BIGINT,
    claimed BIGINT,
    ballots BIGINT,
    opened BIGINT,
    PRIMARY KEY (tenant, code),
    FOREIGN KEY (tenant, organisation) REFERENCES organisation (tenant, code),
    FOREIGN KEY (tenant, questionnaire, questionnaire_version) REFERENCES questionnaire (tenant, id, version),
    FOREIGN KEY (tenant, baseline) REFERENCES round (tenant, code)
);
CREATE INDEX round_status ON round (status, closes_at);

-- link_nonce lets the same link be sent again (a reminder) while only a hash of it is stored; both are erased at closing.
CREATE TABLE invitation (
    tenant BIGINT NOT NULL,
    id TEXT NOT NULL,
    round TEXT NOT NULL,
    person TEXT NOT NULL,
    token_hash BYTEA,
    link_nonce BYTEA,
    delivery TEXT NOT NULL CHECK (delivery IN ('mail', 'app')),
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, round) REFERENCES round (tenant, code),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invitation_person ON invitation (tenant, round, person);
CREATE UNIQUE INDEX invitation_token ON invitation (tenant, token_hash);

CREATE TABLE assignment (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    invitation TEXT NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    group_code TEXT NOT NULL,
    done BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, round, invitation, organisation, form),
    FOREIGN KEY (tenant, invitation) REFERENCES invitation (tenant, id) ON DELETE CASCADE
);
CREATE INDEX assignment_invitation ON assignment (tenant, invitation);

-- invited and answered per node and form, rolled up the tree; refreshed by the jobs, read with the indicators.
CREATE TABLE participation (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    invited BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    PRIMARY KEY (tenant, round, organisation, form)
);

CREATE TABLE outbox (
    tenant BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('invitation')),
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sending', 'sent', 'failed', 'cancelled')),
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX outbox_due ON outbox (status, next_attempt_at);
CREATE INDEX outbox_subject ON outbox (tenant, subject);

CREATE TABLE account (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    id TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE account_role (
    tenant BIGINT NOT NULL,
    account TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('officer', 'admin')),
    PRIMARY KEY (tenant, account, organisation),
    FOREIGN KEY (tenant, account) REFERENCES account (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, organisation) REFERENCES organisation (tenant, code)
);

CREATE TABLE session (
    hash BYTEA NOT NULL PRIMARY KEY,
    tenant BIGINT NOT NULL,
    account TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (tenant, account) REFERENCES account (tenant, id) ON DELETE CASCADE
);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE api_client (
    tenant BIGINT NOT NULL REFERENCES tenant (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    organisation TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, organisation) REFERENCES organisation (tenant, code)
);
CREATE UNIQUE INDEX api_client_id ON api_client (id);

CREATE TABLE setup_link (
    hash BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
