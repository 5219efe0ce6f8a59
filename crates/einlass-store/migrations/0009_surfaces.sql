-- Surfaces sign people in at the identity provider, and what organisations do here.

-- Codes (RFC 6749 §4.1.2). A used one is kept until it would have expired, so that its second use is known for one.
CREATE TABLE authorization_codes (
    hash       TEXT   NOT NULL PRIMARY KEY,
    client     TEXT   NOT NULL,
    challenge  TEXT   NOT NULL,
    session_id TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    used_at    BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX authorization_codes_by_session ON authorization_codes (session_id, expires_at);
CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at);

-- That a session at the identity provider opens a surface too. It ends with that session, in the same statement.
CREATE TABLE surface_sessions (
    hash       TEXT   NOT NULL PRIMARY KEY,
    client     TEXT   NOT NULL,
    session_id TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    code_hash  TEXT   NOT NULL,
    UNIQUE (session_id, client)
);
CREATE INDEX surface_sessions_by_code ON surface_sessions (code_hash);

-- Of those from before nobody knows what they do. `sought` is the name in lower case: they are searched for by it.
ALTER TABLE organisations ADD COLUMN kind TEXT NOT NULL DEFAULT 'both';
ALTER TABLE organisations ADD COLUMN sought TEXT NOT NULL DEFAULT '';
UPDATE organisations SET sought = lower(name);
UPDATE organisations SET kind = 'operator' WHERE id = '65696e6c-6173-8000-8000-6f7065726174';
CREATE INDEX organisations_by_name ON organisations (sought, id);
CREATE INDEX tenants_by_organisation ON tenants (organisation_id, id);
CREATE INDEX apps_by_organisation ON apps (organisation_id, id);
