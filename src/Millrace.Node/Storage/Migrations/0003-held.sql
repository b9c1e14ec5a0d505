-- The agreement of a transfer that its provider holds: asked whenever access under it is.
ALTER TABLE transfer ADD COLUMN held TEXT;
CREATE INDEX transfer_held ON transfer (participant, held) WHERE held IS NOT NULL;
