-- What administration needs: when a secret was last used, and a tenant's installations in the order of their apps.

ALTER TABLE client_secrets ADD COLUMN last_used_at BIGINT;

CREATE INDEX installations_by_tenant_and_app ON installations (tenant_id, app_id);
DROP INDEX installations_by_tenant;

-- A client's secrets and an app's clients are listed by id.
CREATE INDEX client_secrets_by_client_and_id ON client_secrets (client_id, id);
DROP INDEX client_secrets_by_client;
CREATE INDEX clients_by_app_and_id ON clients (app_id, id);
DROP INDEX clients_by_app;
