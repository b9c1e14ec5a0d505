-- When a product's source is read by the clock; due orders what is next over all participants. An id is a product's.
CREATE TABLE refresh (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, due TEXT, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
CREATE INDEX refresh_due ON refresh (due) WHERE due IS NOT NULL;

-- How far a source is read that only grows. An id is a product's.
CREATE TABLE watermark (
    participant TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (participant, id));
