-- ERPs on merchants' own premises, what apps asked of them, and the keys that came of it.

-- While `waiting_until` is ahead, one registration is taken. `waiting_by` is who opened it. `licensed` is 0 while the merchant
-- has no licence for apps.
CREATE TABLE sites (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    database_name   TEXT   NOT NULL UNIQUE,
    name            TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    waiting_until   BIGINT,
    waiting_by      TEXT   NOT NULL DEFAULT '',
    licensed        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX sites_by_organisation ON sites (organisation_id, id);

-- pending -> accepted -> active -> revoked, or pending -> rejected. An accepted one has a key to be read; an active one's
-- was. `app_key` is the app's id in lower case. `challenge` is shown to whoever decides, and says later who may read a key that
-- is handed out again. `instance_of` is the registration that an instance repeats.
CREATE TABLE registrations (
    id            TEXT   NOT NULL PRIMARY KEY,
    site_id       TEXT   NOT NULL REFERENCES sites (id),
    instance_of   TEXT   REFERENCES registrations (id),
    app_id        TEXT   NOT NULL,
    app_key       TEXT   NOT NULL,
    manifest      TEXT   NOT NULL,
    mandatory     TEXT   NOT NULL,
    optional      TEXT   NOT NULL,
    granted       TEXT   NOT NULL DEFAULT '',
    kind          BIGINT NOT NULL,
    signature     TEXT   NOT NULL,
    challenge     TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    decided_at    BIGINT,
    decided_by    TEXT   NOT NULL DEFAULT '',
    expires_at    BIGINT
);
CREATE INDEX registrations_by_site ON registrations (site_id, id);
CREATE INDEX registrations_by_end ON registrations (expires_at);
-- An app id is registered once at a site, instances apart.
CREATE UNIQUE INDEX registrations_by_app ON registrations (site_id, app_key)
    WHERE state IN ('pending', 'accepted', 'active') AND instance_of IS NULL;

CREATE TABLE api_keys (
    hash            TEXT   NOT NULL PRIMARY KEY,
    registration_id TEXT   NOT NULL REFERENCES registrations (id),
    created_at      BIGINT NOT NULL,
    last_used_at    BIGINT,
    revoked_at      BIGINT
);
-- A registration has one key that works.
CREATE UNIQUE INDEX api_keys_by_registration ON api_keys (registration_id) WHERE revoked_at IS NULL;

-- Whose signatures can be checked. `app_key` is the app's id in lower case.
CREATE TABLE app_keys (
    app_key    TEXT   NOT NULL PRIMARY KEY,
    app_id     TEXT   NOT NULL,
    public_key TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
