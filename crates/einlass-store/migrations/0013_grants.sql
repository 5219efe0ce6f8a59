-- What people let apps' clients do for them.

-- `service`, which has secrets, or `public`, which can keep none (RFC 6749 §2.1).
ALTER TABLE clients ADD COLUMN kind TEXT NOT NULL DEFAULT 'service';

-- Where a client may have people sent back to, letter by letter, in the order in which it was said: after `login` or after
-- `logout`.
CREATE TABLE client_redirects (
    client_id TEXT   NOT NULL REFERENCES clients (id),
    use       TEXT   NOT NULL,
    place     BIGINT NOT NULL CHECK (place BETWEEN 0 AND 19),
    uri       TEXT   NOT NULL,
    PRIMARY KEY (client_id, use, place)
);

-- A grant counts until `ended_at`. It is kept until `expires_at`, when nothing of it works any more; once it has ended, for
-- as long as its access tokens have to be denied.
CREATE TABLE grants (
    id           TEXT   NOT NULL PRIMARY KEY,
    person_id    TEXT   NOT NULL REFERENCES people (id),
    client_id    TEXT   NOT NULL REFERENCES clients (id),
    scope        TEXT   NOT NULL,
    openid       BIGINT NOT NULL,
    proved_at    BIGINT NOT NULL,
    granted_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    ended_at     BIGINT,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX grants_by_person ON grants (person_id, id);
CREATE INDEX grants_by_client ON grants (client_id);
CREATE INDEX grants_by_end ON grants (expires_at);

-- How a grant begins. An unused code ends with the session that it came from; a used one is kept until it would have
-- expired, so that its second use is known for one (RFC 6749 §4.1.2).
CREATE TABLE grant_codes (
    hash         TEXT   NOT NULL PRIMARY KEY,
    grant_id     TEXT   NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    session_id   TEXT   REFERENCES sessions (id) ON DELETE SET NULL,
    redirect_uri TEXT   NOT NULL,
    challenge    TEXT   NOT NULL,
    nonce        TEXT,
    offline      BIGINT NOT NULL,
    used_at      BIGINT,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX grant_codes_by_grant ON grant_codes (grant_id);
CREATE INDEX grant_codes_by_session ON grant_codes (session_id);
CREATE INDEX grant_codes_by_end ON grant_codes (expires_at);

-- How it goes on: of a grant's tokens one is not spent. A spent one is kept until it would have expired, so that whoever
-- sends it again is known for a thief or for the robbed (RFC 9700 §4.14.2).
CREATE TABLE grant_tokens (
    hash       TEXT   NOT NULL PRIMARY KEY,
    grant_id   TEXT   NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    spent_at   BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX grant_tokens_by_grant ON grant_tokens (grant_id);
CREATE INDEX grant_tokens_by_end ON grant_tokens (expires_at);
