-- When a token last asked, to the minute, so that one nobody uses can be found and revoked; and when
-- it ends by itself. The version before knows neither: while both run, it takes a token that has
-- ended, and for no longer than that.
ALTER TABLE app.api_token ADD COLUMN last_used_at timestamptz;
ALTER TABLE app.api_token ADD COLUMN expires_at timestamptz;
