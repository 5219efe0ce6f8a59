-- What is denied before it expires by itself. `seq` is the change that wrote the row last, so that a node reads
-- only what is new to it.
CREATE TABLE revocations (
    kind       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    not_before BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX revocations_by_seq ON revocations (seq);

-- What the nodes tell each other. Numbers come from the one row of the counter, which stays locked until the
-- transaction ends: so they have no gaps, and who sees a number has seen all before it.
CREATE TABLE change_counter (
    id  BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO change_counter (id, seq) VALUES (1, 0);

CREATE TABLE changes (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    at      BIGINT NOT NULL
);

-- announced -> signing -> retired -> gone, read from when the keys of one issuer and algorithm begin to sign. The
-- keys of the version before sign since they were made.
ALTER TABLE signing_keys ADD COLUMN signs_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN distrusted_at BIGINT;

-- Who did or tried what. Ids are UUIDs of version 7, so that their order is the order of time.
CREATE TABLE audit_events (
    id         TEXT   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    detail     TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    request_id TEXT   NOT NULL
);
CREATE INDEX audit_events_by_actor ON audit_events (actor, id);
CREATE INDEX audit_events_by_subject ON audit_events (subject, id);
