DELETE FROM outbox WHERE kind = 'reminder';
CREATE TABLE outbox_next (
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
INSERT INTO outbox_next SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (status, next_attempt_at);
CREATE INDEX outbox_subject ON outbox (tenant, subject);
DROP TABLE former_claim;
DROP TABLE eligibility;
DROP TABLE signing_key;
ALTER TABLE assignment DROP COLUMN blinded;
ALTER TABLE assignment DROP COLUMN claim;
ALTER TABLE round DROP COLUMN sealing_key;
