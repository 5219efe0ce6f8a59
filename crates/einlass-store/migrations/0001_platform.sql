-- The common subset of SQLite and PostgreSQL: TEXT and BIGINT alone. Times are milliseconds since 1970,
-- ids are hyphenated UUIDs in lower case, scope lists are separated by spaces, hashes are hexadecimal.

CREATE TABLE organisations (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE tenants (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    slug            TEXT   NOT NULL UNIQUE,
    name            TEXT   NOT NULL,
    customer_number TEXT   NOT NULL,
    jtl_account_id  BIGINT NOT NULL UNIQUE,
    created_at      BIGINT NOT NULL
);

CREATE TABLE apps (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    technical_name  TEXT   NOT NULL UNIQUE,
    name            TEXT   NOT NULL,
    scopes          TEXT   NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE clients (
    id         TEXT   NOT NULL PRIMARY KEY,
    app_id     TEXT   NOT NULL REFERENCES apps (id),
    algorithm  TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX clients_by_app ON clients (app_id);

CREATE TABLE client_secrets (
    id         TEXT   NOT NULL PRIMARY KEY,
    client_id  TEXT   NOT NULL REFERENCES clients (id),
    name       TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

-- consented -> active -> removed, read from which of the times are set.
CREATE TABLE installations (
    app_id         TEXT   NOT NULL REFERENCES apps (id),
    tenant_id      TEXT   NOT NULL REFERENCES tenants (id),
    granted_scopes TEXT   NOT NULL,
    consented_at   BIGINT NOT NULL,
    activated_at   BIGINT,
    removed_at     BIGINT,
    PRIMARY KEY (app_id, tenant_id)
);
CREATE INDEX installations_by_tenant ON installations (tenant_id);

-- The private half is sealed under the master key before it comes here.
CREATE TABLE signing_keys (
    kid            TEXT   NOT NULL PRIMARY KEY,
    issuer         TEXT   NOT NULL,
    algorithm      TEXT   NOT NULL,
    generation     BIGINT NOT NULL,
    sealed_private TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (issuer, algorithm, generation)
);

CREATE TABLE admin_tokens (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    hash       TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
