-- Whose pages may read in a browser what we answer (the CORS protocol of the Fetch standard): the origins of apps' pages, and
-- of where their clients have people sent back to. `source` is what has a page there: `app <id>` or `client <id>`.
CREATE TABLE origins (
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (origin, source)
);
CREATE INDEX origins_by_source ON origins (source);

-- What was there before, until it is read: an origin is read out of a manifest or an address by us and by no engine.
CREATE TABLE origins_unread (
    source TEXT NOT NULL PRIMARY KEY
);
INSERT INTO origins_unread (source)
    SELECT 'app ' || app_id FROM listings
    UNION SELECT 'client ' || client_id FROM client_redirects WHERE use = 'login';
