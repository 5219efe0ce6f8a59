-- What operators and partners see of what is in use.

-- When what channels and sellers have was last exchanged.
ALTER TABLE refresh_tokens ADD COLUMN last_used_at BIGINT;

-- Of a day, the apps alone: those that call most are found among them.
CREATE INDEX usage_days_by_day_and_subject ON usage_days (day, subject);
DROP INDEX usage_days_by_day;

-- Since when an app or a channel is shut out: it can do nothing until an operator lets it in again.
ALTER TABLE apps ADD COLUMN shut_out_at BIGINT;
ALTER TABLE channels ADD COLUMN shut_out_at BIGINT;
