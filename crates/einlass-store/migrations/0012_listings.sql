-- What an app says of itself, as it was accepted, and whether merchants find it: development -> submitted -> published.
CREATE TABLE listings (
    app_id     TEXT   NOT NULL PRIMARY KEY REFERENCES apps (id),
    manifest   TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);
