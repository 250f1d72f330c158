DELETE FROM outbox WHERE kind = 'reminder';
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('invitation'));
DROP TABLE former_claim;
DROP TABLE eligibility;
DROP TABLE signing_key;
ALTER TABLE assignment DROP COLUMN blinded;
ALTER TABLE assignment DROP COLUMN claim;
ALTER TABLE round DROP COLUMN sealing_key;
