-- When it was agreed, as a text that sorts: lists begin with the newest. Agreements that were stored before come last.
ALTER TABLE agreement ADD COLUMN agreed TEXT NOT NULL DEFAULT '';
CREATE INDEX agreement_agreed ON agreement (participant, agreed, id);
