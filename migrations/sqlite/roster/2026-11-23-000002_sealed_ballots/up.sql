-- Sealed ballots: keys of a round, claims, and people who have left it.

-- The public half of the key that a round's ballots are sealed with (X25519, base64url); the other half lies in the key folder.
ALTER TABLE round ADD COLUMN sealing_key TEXT;

-- How an assignment was claimed, and what was signed blindly for it: the same again may be asked for again. Neither tells when,
-- nor what became of it; what was signed is forgotten at closing.
ALTER TABLE assignment ADD COLUMN claim TEXT CHECK (claim IN ('assisted', 'blind'));
ALTER TABLE assignment ADD COLUMN blinded BLOB;
-- Who answered before there were claims answered through the link.
UPDATE assignment SET claim = 'assisted' WHERE done;

-- The public halves of the keys that sign claims of a round, numbered from 1. A key is made at its first claim: until then none.
CREATE TABLE signing_key (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    number BIGINT NOT NULL,
    form TEXT NOT NULL,
    public_key BLOB,
    PRIMARY KEY (tenant, round, number),
    FOREIGN KEY (tenant, round) REFERENCES round (tenant, code)
);

-- Which of them signs for a form at an organisation; small groups share one.
CREATE TABLE eligibility (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    signing_key BIGINT NOT NULL,
    PRIMARY KEY (tenant, round, organisation, form),
    FOREIGN KEY (tenant, round, signing_key) REFERENCES signing_key (tenant, round, number)
);

-- Claims of people who were erased since: their ballots stay, so they stay in the counts.
CREATE TABLE former_claim (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    organisation TEXT NOT NULL,
    form TEXT NOT NULL,
    claimed BIGINT NOT NULL,
    done BIGINT NOT NULL,
    PRIMARY KEY (tenant, round, organisation, form),
    FOREIGN KEY (tenant, round) REFERENCES round (tenant, code)
);

CREATE TABLE outbox_next (
    tenant BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder')),
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sending', 'sent', 'failed', 'cancelled')),
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (tenant, id)
);
INSERT INTO outbox_next SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (status, next_attempt_at);
CREATE INDEX outbox_subject ON outbox (tenant, subject);
