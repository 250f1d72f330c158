DROP TABLE tally;
DROP TABLE free_text;
DROP TABLE response;
DROP TABLE mailbox;
DROP TABLE ballot_box;
