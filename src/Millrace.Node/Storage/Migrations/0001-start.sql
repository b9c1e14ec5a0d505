-- Every row belongs to one participant, and every query names it. Bodies are JSON.

CREATE TABLE participant (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, operator TEXT, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
-- Whose register of members is asked first, on every read under terms that ask for claims.
CREATE INDEX participant_operator ON participant (id) WHERE operator IS NOT NULL;

-- What a participant recorded of others: their seat, place, field and memberships.
CREATE TABLE member (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

CREATE TABLE secret (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

CREATE TABLE peer (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

CREATE TABLE product (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

-- The words of products (kind product) and of what others offer (kind found). Its key is all there is to a row.
CREATE TABLE term (
    participant TEXT NOT NULL, kind TEXT NOT NULL, term TEXT NOT NULL, place BIGINT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (participant, kind, term, place, document));

-- What others offer, as last read: found_catalogue says of each when.
CREATE TABLE found_catalogue (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

CREATE TABLE found_dataset (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, provider TEXT NOT NULL,
    dataset TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX found_dataset_order ON found_dataset (participant, provider, dataset);

CREATE TABLE product_version (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, product TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX product_version_product ON product_version (participant, product);

CREATE TABLE negotiation (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, opened TEXT, waits TEXT, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE UNIQUE INDEX negotiation_opened ON negotiation (participant, opened);
-- Few wait at a time: those alone are in the index, and a negotiation between programs never touches it.
CREATE INDEX negotiation_waits ON negotiation (participant, waits, id) WHERE waits IS NOT NULL;

CREATE TABLE agreement (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, product TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX agreement_product ON agreement (participant, product);

CREATE TABLE agreement_usage (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

CREATE TABLE transfer (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, opened TEXT, agreement TEXT NOT NULL,
    token TEXT, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE UNIQUE INDEX transfer_opened ON transfer (participant, opened);
CREATE INDEX transfer_token ON transfer (participant, token) WHERE token IS NOT NULL;
CREATE INDEX transfer_agreement ON transfer (participant, agreement);

CREATE TABLE view (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, agreement TEXT, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX view_agreement ON view (participant, agreement) WHERE agreement IS NOT NULL;

CREATE TABLE read (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, transfer TEXT NOT NULL,
    agreement TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX read_transfer ON read (participant, transfer, state);
CREATE INDEX read_agreement ON read (participant, agreement);
CREATE INDEX read_state ON read (state);

CREATE TABLE scenario (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));

-- The message of a process that is next has the smallest id.
CREATE TABLE outbox (
    participant TEXT NOT NULL, id TEXT NOT NULL, process TEXT NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL,
    peer TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL, attempts BIGINT NOT NULL, due BIGINT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX outbox_due ON outbox (due);
CREATE INDEX outbox_process ON outbox (participant, process, id);

-- Entries are inserted without a position; the sequencer integrates them into the tree afterwards.
CREATE TABLE entry (
    participant TEXT NOT NULL, id TEXT NOT NULL, position BIGINT, time BIGINT NOT NULL, type TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (participant, id));
CREATE UNIQUE INDEX entry_position ON entry (participant, position);
CREATE INDEX entry_pending ON entry (participant) WHERE position IS NULL;

CREATE TABLE log (
    participant TEXT NOT NULL PRIMARY KEY, size BIGINT NOT NULL, checkpoint TEXT NOT NULL);

CREATE TABLE tile (
    participant TEXT NOT NULL, level BIGINT NOT NULL, number BIGINT NOT NULL, hashes BYTEA NOT NULL,
    PRIMARY KEY (participant, level, number));

CREATE TABLE used_token (
    issuer TEXT NOT NULL, jti TEXT NOT NULL, expires BIGINT NOT NULL,
    PRIMARY KEY (issuer, jti));
CREATE INDEX used_token_expires ON used_token (expires);
