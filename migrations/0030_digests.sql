-- The weekly digest of what bypasses say about gates: once for each channel and week.
CREATE TABLE app.digest (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  channel text NOT NULL,
  -- The Monday with which the week that it tells of began, in UTC.
  week date NOT NULL,
  told_at timestamptz,
  PRIMARY KEY (tenant_id, channel, week)
);
SELECT app.isolate('digest');
GRANT SELECT, INSERT, UPDATE (told_at) ON app.digest TO breakglass_app;
