CREATE TABLE ballot_box_old (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'opened')),
    ballots BIGINT NOT NULL,
    PRIMARY KEY (tenant, round)
) WITHOUT ROWID;
INSERT INTO ballot_box_old SELECT tenant, round, replace(status, 'closing', 'open'), ballots FROM ballot_box;
DROP TABLE ballot_box;
ALTER TABLE ballot_box_old RENAME TO ballot_box;
DROP TABLE draft;
