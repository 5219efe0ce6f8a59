-- Passkeys: what proves beside the password that somebody is who it is. `credential` holds the public half and how often
-- it was used.
CREATE TABLE passkeys (
    id            TEXT   NOT NULL PRIMARY KEY,
    person_id     TEXT   NOT NULL REFERENCES people (id),
    credential_id TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    credential    TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT
);
CREATE INDEX passkeys_by_person ON passkeys (person_id, id);

-- What was asked of a browser and not yet answered.
CREATE TABLE ceremonies (
    hash       TEXT   NOT NULL PRIMARY KEY,
    person_id  TEXT   NOT NULL REFERENCES people (id),
    purpose    TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ceremonies_by_end ON ceremonies (expires_at);
