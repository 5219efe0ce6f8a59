-- The admin token with which a link was made, where it was one: like a link of a person's, it counts while its maker may.
ALTER TABLE links ADD COLUMN made_by_token TEXT REFERENCES admin_tokens (id);

-- Only the newest few questions to a person count.
CREATE INDEX ceremonies_by_person ON ceremonies (person_id, expires_at);
