-- An unfinished questionnaire on its way from one device to another: encrypted by the browser under a code that never reaches the
-- server, found by a key that is made from the same code. Dropped at the opening.
CREATE TABLE draft (
    tenant BIGINT NOT NULL,
    round TEXT NOT NULL,
    key BYTEA NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (tenant, round, key)
);
