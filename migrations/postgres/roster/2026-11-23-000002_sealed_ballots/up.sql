-- Sealed ballots: keys of a round, claims, and people who have left it.

-- The public half of the key that a round's ballots are sealed with (X25519, base64url); the other half lies in the key folder.
ALTER TABLE round ADD COLUMN sealing_key TEXT;

-- How an assignment was claimed, and what was signed blindly for it: the same again may be asked for again. Neither tells when,
-- nor what became of it; what was signed is forgotten at closing.
ALTER TABLE assignment ADD COLUMN claim TEXT CHECK (claim IN ('assisted', 'blind'));
ALTER TABLE assignment ADD COLUMN blinded BYTEA;
-- Who answered before there were claims answered through the link.
UPDATE assignment SET claim = 'assisted' WHERE done;
-- Every row is changed twice, and no index knows these columns: with room on its page a row stays there, and no index is written.
ALTER TABLE assignment SET (fillfactor = 60);

-- The public halves of the keys that sign claims of a round, numbered from 1. A key is made at its first claim: until then none.
CREATE TABLE signing_key (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    number BIGINT NOT NULL,
    form TEXT NOT NULL,
    public_key BYTEA,
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

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('invitation', 'reminder'));
