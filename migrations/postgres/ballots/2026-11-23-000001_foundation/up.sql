-- What was answered. No person, no invitation, no time, no sequence: keys are random or derived from a secret that is
-- destroyed at the opening.

CREATE TABLE ballot_box (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'opened')),
    ballots BIGINT NOT NULL,
    PRIMARY KEY (tenant, round)
);

-- A ballot waits here, sealed, until the opening. The tag makes a repeat replace instead of count twice.
CREATE TABLE mailbox (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    tag BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (tenant, round, tag)
);

CREATE TABLE response (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BYTEA NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    subject TEXT,
    packed BYTEA NOT NULL,
    PRIMARY KEY (tenant, round, key)
);

CREATE TABLE free_text (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BYTEA NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    item TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (tenant, round, key)
);

-- Counts per node and form, merged up the tree, and what the disclosure plan decided for each scale.
CREATE TABLE tally (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    content BYTEA NOT NULL,
    decisions TEXT NOT NULL,
    PRIMARY KEY (tenant, round, organisation, form)
);
