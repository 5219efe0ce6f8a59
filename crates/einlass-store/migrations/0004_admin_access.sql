-- What an admin token opens: `read` or `full`. A name is free again once its token has ended. The table is made anew,
-- since the engines have no common way to drop a constraint.
CREATE TABLE new_admin_tokens (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    access     TEXT   NOT NULL DEFAULT 'full',
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
INSERT INTO new_admin_tokens (id, name, hash, created_at, expires_at, revoked_at)
    SELECT id, name, hash, created_at, expires_at, revoked_at FROM admin_tokens;
DROP TABLE admin_tokens;
ALTER TABLE new_admin_tokens RENAME TO admin_tokens;
CREATE UNIQUE INDEX admin_tokens_hash_key ON admin_tokens (hash);
CREATE UNIQUE INDEX admin_tokens_name_key ON admin_tokens (name) WHERE revoked_at IS NULL;

-- The one-time codes that a platform without a working admin token prints: one for each start of a node.
CREATE TABLE first_operator_codes (
    hash       TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
