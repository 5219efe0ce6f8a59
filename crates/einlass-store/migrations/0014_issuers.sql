-- The platform has two issuers: what one gave away the other does not take.
ALTER TABLE grants ADD COLUMN issuer TEXT NOT NULL DEFAULT 'a';
