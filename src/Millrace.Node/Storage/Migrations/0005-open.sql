-- The peer that opened a negotiation, while it goes on: counted whenever that peer opens another.
ALTER TABLE negotiation ADD COLUMN open_with TEXT;
CREATE INDEX negotiation_open_with ON negotiation (participant, open_with) WHERE open_with IS NOT NULL;
