-- What a client was granted is listed in pages, the newest first.
DROP INDEX grants_by_client;
CREATE INDEX grants_by_client ON grants (client_id, id);
