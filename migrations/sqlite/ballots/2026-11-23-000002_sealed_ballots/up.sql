-- An unfinished questionnaire on its way from one device to another: encrypted by the browser under a code that never reaches the
-- server, found by a key that is made from the same code. Dropped at the opening.
CREATE TABLE draft (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant, round, key)
) WITHOUT ROWID;

-- A box that is being opened takes no more ballots, and is not opened yet.
CREATE TABLE ballot_box_new (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'closing', 'opened')),
    ballots BIGINT NOT NULL,
    PRIMARY KEY (tenant, round)
) WITHOUT ROWID;
INSERT INTO ballot_box_new SELECT tenant, round, status, ballots FROM ballot_box;
DROP TABLE ballot_box;
ALTER TABLE ballot_box_new RENAME TO ballot_box;
