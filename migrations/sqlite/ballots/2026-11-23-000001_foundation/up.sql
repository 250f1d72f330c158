-- What was answered. No person, no invitation, no time, no sequence: keys are random or derived from a secret that is
-- destroyed at the opening, and WITHOUT ROWID keeps SQLite from adding an order of its own.

CREATE TABLE ballot_box (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'opened')),
    ballots BIGINT NOT NULL,
    PRIMARY KEY (tenant, round)
) WITHOUT ROWID;

-- A ballot waits here, sealed, until the opening. The tag makes a repeat replace instead of count twice.
CREATE TABLE mailbox (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    tag BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, round, tag)
) WITHOUT ROWID;

CREATE TABLE response (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BLOB NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    subject TEXT,
    packed BLOB NOT NULL,
    PRIMARY KEY (tenant, round, key)
) WITHOUT ROWID;

CREATE TABLE free_text (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BLOB NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    item TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (tenant, round, key)
) WITHOUT ROWID;

-- Counts per node and form, merged up the tree, and what the disclosure plan decided for each scale.
CREATE TABLE tally (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    content BLOB NOT NULL,
    decisions TEXT NOT NULL,
    PRIMARY KEY (tenant, round, organisation, form)
) WITHOUT ROWID;
