-- What pages show of a busy platform without reading all of it.

-- Usage by the day. `subject` is whose: `everybody`, `app <id>`, `installation <app> <tenant>` or `credential <id>`.
CREATE TABLE usage_days (
    subject TEXT   NOT NULL,
    day     BIGINT NOT NULL,
    tokens  BIGINT NOT NULL,
    calls   BIGINT NOT NULL,
    errors  BIGINT NOT NULL,
    PRIMARY KEY (subject, day)
);
INSERT INTO usage_days (subject, day, tokens, calls, errors)
    SELECT 'everybody', minute - minute % 86400000, SUM(tokens), SUM(calls), SUM(errors)
    FROM usage WHERE scope = '' GROUP BY minute - minute % 86400000;
INSERT INTO usage_days (subject, day, tokens, calls, errors)
    SELECT 'app ' || app, minute - minute % 86400000, SUM(tokens), SUM(calls), SUM(errors)
    FROM usage WHERE scope = '' AND app NOT IN ('', 'other') GROUP BY app, minute - minute % 86400000;
INSERT INTO usage_days (subject, day, tokens, calls, errors)
    SELECT 'installation ' || app || ' ' || tenant, minute - minute % 86400000, SUM(tokens), SUM(calls), SUM(errors)
    FROM usage WHERE scope = '' AND app NOT IN ('', 'other') AND tenant <> ''
    GROUP BY app, tenant, minute - minute % 86400000;
INSERT INTO usage_days (subject, day, tokens, calls, errors)
    SELECT 'credential ' || credential, minute - minute % 86400000, SUM(tokens), SUM(calls), SUM(errors)
    FROM usage WHERE scope = '' AND credential NOT IN ('', 'other')
    GROUP BY credential, minute - minute % 86400000;
CREATE INDEX usage_days_by_day ON usage_days (day);

-- In which minute a call that needed a scope was last served.
CREATE TABLE scope_uses (
    app     TEXT   NOT NULL,
    scope   TEXT   NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (app, scope)
);
INSERT INTO scope_uses (app, scope, last_at)
    SELECT app, scope, MAX(minute) FROM usage
    WHERE scope <> '' AND calls > errors AND app NOT IN ('', 'other') GROUP BY app, scope;
CREATE INDEX scope_uses_by_end ON scope_uses (last_at);

-- Apps are searched for by both of their names in lower case.
ALTER TABLE apps ADD COLUMN sought TEXT NOT NULL DEFAULT '';
UPDATE apps SET sought = lower(name) || ' ' || lower(technical_name);

CREATE INDEX listings_by_state ON listings (state, app_id);
CREATE INDEX channels_by_organisation ON channels (organisation_id, name);

-- What is there is counted without a look at what is gone.
CREATE INDEX installations_there ON installations (app_id, activated_at, consented_at) WHERE removed_at IS NULL;
CREATE INDEX registrations_active ON registrations (id) WHERE state = 'active';

-- The audit is read newest first, whatever it is filtered by. Of one subject there are few events; what has none has an index
-- for each set of filters. They go on with the time, which is the order of the ids too, so that none of them is in the order of
-- the primary key: a planner would read all events by that one for what is among the oldest alone.
DROP INDEX audit_events_by_actor;
DROP INDEX audit_events_by_subject;
CREATE INDEX audit_events_by_subject ON audit_events (subject, at, id);
CREATE INDEX audit_events_by_actor ON audit_events (actor, at, id);
CREATE INDEX audit_events_by_action ON audit_events (action, at, id);
CREATE INDEX audit_events_by_outcome ON audit_events (outcome, at, id);
CREATE INDEX audit_events_by_actor_and_action ON audit_events (actor, action, at, id);
CREATE INDEX audit_events_by_actor_and_outcome ON audit_events (actor, outcome, at, id);
CREATE INDEX audit_events_by_action_and_outcome ON audit_events (action, outcome, at, id);
CREATE INDEX audit_events_by_all_three ON audit_events (actor, action, outcome, at, id);
