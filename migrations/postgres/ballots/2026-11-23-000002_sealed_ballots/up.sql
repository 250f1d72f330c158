-- An unfinished questionnaire on its way from one device to another: encrypted by the browser under a code that never reaches the
-- server, found by a key that is made from the same code. Dropped at the opening.
CREATE TABLE draft (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BYTEA NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (tenant, round, key)
);

-- A box that is being opened takes no more ballots, and is not opened yet.
ALTER TABLE ballot_box DROP CONSTRAINT ballot_box_status_check;
ALTER TABLE ballot_box ADD CONSTRAINT ballot_box_status_check CHECK (status IN ('open', 'closing', 'opened'));
