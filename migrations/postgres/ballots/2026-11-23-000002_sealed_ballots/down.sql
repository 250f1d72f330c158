UPDATE ballot_box SET status = 'open' WHERE status = 'closing';
ALTER TABLE ballot_box DROP CONSTRAINT ballot_box_status_check;
ALTER TABLE ballot_box ADD CONSTRAINT ballot_box_status_check CHECK (status IN ('open', 'opened'));
DROP TABLE draft;
