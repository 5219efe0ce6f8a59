-- Marketplace channels, and the sellers that are linked to them.

CREATE TABLE channels (
    name            TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    scope_word      TEXT   NOT NULL,
    sign_up_url     TEXT   NOT NULL,
    update_url      TEXT   NOT NULL,
    created_at      BIGINT NOT NULL
);

-- What is exchanged for a short token: a channel's, or that of the tenant that sells. One of the two is set.
CREATE TABLE refresh_tokens (
    id         TEXT   NOT NULL PRIMARY KEY,
    channel    TEXT   REFERENCES channels (name),
    tenant_id  TEXT   REFERENCES tenants (id),
    name       TEXT   NOT NULL,
    hash       TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    CHECK ((channel IS NULL) <> (tenant_id IS NULL))
);
CREATE INDEX refresh_tokens_by_channel ON refresh_tokens (channel, id);
CREATE INDEX refresh_tokens_by_tenant ON refresh_tokens (tenant_id, id);

-- One-time PINs: each is traded for a seller's refresh token once.
CREATE TABLE seller_pins (
    hash       TEXT   NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL REFERENCES tenants (id),
    expires_at BIGINT NOT NULL
);

-- A seller on the way to a channel: `sign up`, or `update` of the link that `seller_id` names. Used up by what it
-- leads to.
CREATE TABLE seller_sessions (
    hash       TEXT   NOT NULL PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    channel    TEXT   NOT NULL REFERENCES channels (name),
    tenant_id  TEXT   NOT NULL REFERENCES tenants (id),
    seller_id  TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX seller_sessions_by_end ON seller_sessions (expires_at);

CREATE TABLE seller_links (
    channel              TEXT   NOT NULL REFERENCES channels (name),
    seller_id            TEXT   NOT NULL,
    tenant_id            TEXT   NOT NULL REFERENCES tenants (id),
    company_name         TEXT   NOT NULL,
    is_active_by_jtl     BIGINT NOT NULL,
    is_active_by_channel BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    PRIMARY KEY (channel, seller_id)
);
CREATE INDEX seller_links_by_tenant ON seller_links (tenant_id, channel);

-- What a channel is told of its links, until it says that it knows.
CREATE TABLE channel_events (
    id         TEXT   NOT NULL PRIMARY KEY,
    channel    TEXT   NOT NULL REFERENCES channels (name),
    kind       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    deliveries BIGINT NOT NULL
);
CREATE INDEX channel_events_by_channel ON channel_events (channel, id);
