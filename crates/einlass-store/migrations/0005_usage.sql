-- Who did how much, minute by minute. A row without a scope counts tokens and calls, one with a scope the calls that
-- needed it: so that sums by app, tenant and credential count each call once. Empty where there is nothing to say:
-- tokens have no tenant, and neither has a call that was refused before it had one. What was counted together,
-- because there were too many to count apart, is `other`.
CREATE TABLE usage (
    minute     BIGINT NOT NULL,
    app        TEXT   NOT NULL,
    tenant     TEXT   NOT NULL,
    credential TEXT   NOT NULL,
    scope      TEXT   NOT NULL,
    tokens     BIGINT NOT NULL,
    calls      BIGINT NOT NULL,
    errors     BIGINT NOT NULL,
    PRIMARY KEY (minute, app, tenant, credential, scope)
);
CREATE INDEX usage_by_app ON usage (app, minute);
