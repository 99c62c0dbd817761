-- Subjects are digests from here on; those in plain words are of the last hour at most.
DELETE FROM attempt;
-- Each failure takes away those that are too old.
CREATE INDEX attempt_by_time ON attempt (at);
