-- What a scrape of the metrics reads: how many, how old and how large, over all tenants together.

-- The role of the job workers, which sees every tenant's jobs already, sees the rows of these tables;
-- of their columns it may read those alone that counts are made of, and none that says what, who or
-- where. Nobody else sees more than before: the policies of other roles stay as they are.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['bypass', 'log_head', 'destination', 'alarm', 'channel_pause'] LOOP
    EXECUTE format('CREATE POLICY counted ON app.%I FOR SELECT TO breakglass_jobs USING (true)', name);
  END LOOP;
END
$$;

GRANT SELECT (phase, drill, expires_at) ON app.bypass TO breakglass_jobs;
GRANT SELECT (tenant_id, size) ON app.log_head TO breakglass_jobs;
GRANT SELECT (tenant_id, kind, sent_size, sent_at, failing_since) ON app.destination TO breakglass_jobs;
GRANT SELECT (code, cleared_at) ON app.alarm TO breakglass_jobs;
GRANT SELECT (until) ON app.channel_pause TO breakglass_jobs;
-- Rows of it are seen before a tenant is known.
GRANT SELECT (due_at, retry_at) ON app.deadline TO breakglass_jobs;
