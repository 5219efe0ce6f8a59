-- People, and what they may do in which organisation.

-- `sought` is the name in lower case, as no engine folds it: people are searched for by it.
CREATE TABLE people (
    id            TEXT   NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    sought        TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE memberships (
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    person_id       TEXT   NOT NULL REFERENCES people (id),
    email           TEXT   NOT NULL,
    role            TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
-- An address never changes, so it is kept here too: lists are in its order.
CREATE INDEX memberships_by_email ON memberships (organisation_id, email);
CREATE INDEX memberships_by_person ON memberships (person_id);

-- `proved_at` is when the person last proved to be who it is: dangerous steps ask for a recent proof.
CREATE TABLE sessions (
    id         TEXT   NOT NULL PRIMARY KEY,
    hash       TEXT   NOT NULL UNIQUE,
    person_id  TEXT   NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    proved_at  BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address    TEXT   NOT NULL,
    agent      TEXT   NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- What an admin hands on. With an organisation it invites there; without one it lets its person choose a new password.
-- `made_by` is the person who made it, where it was one: it ends with what that one may do. The newest counts.
CREATE TABLE links (
    hash            TEXT   NOT NULL PRIMARY KEY,
    email           TEXT   NOT NULL,
    organisation_id TEXT   REFERENCES organisations (id),
    role            TEXT   NOT NULL,
    made_by         TEXT   REFERENCES people (id),
    expires_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX links_by_purpose ON links (email, COALESCE(organisation_id, ''));
CREATE INDEX links_by_maker ON links (made_by);
CREATE INDEX links_by_end ON links (expires_at);
