-- Signatures that are under way. Sigstore is asked in stages; each is kept as soon as it is reached,
-- so that a try after an outage or a killed process goes on from it. The key that signed is nowhere:
-- it lived in a process's memory for one signature. No token is here either.
CREATE TABLE app.signing (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  kind text NOT NULL CHECK (kind IN ('approval', 'late')),
  -- The press of an approval; the statement's digest of a provisional entry that is attested late.
  about text NOT NULL,
  -- What the statement was composed from and would change with the next try.
  facts jsonb NOT NULL,
  statement bytea NOT NULL,
  statement_digest text NOT NULL CHECK (statement_digest LIKE 'sha256:%'),
  -- Signature, certificate, timestamp and log entry, as far as they are there. NULL: begin anew.
  stage jsonb CHECK (stage ->> 'stage' IN ('signed', 'timestamped', 'logged')),
  begun_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, kind, about)
);
SELECT app.isolate('signing');
-- A row ends in the commit that it was for.
GRANT SELECT, INSERT, UPDATE, DELETE ON app.signing TO breakglass_app;

-- The last time that the workload vouched for the log is asked for every minute.
CREATE INDEX log_entry_workload ON app.log_entry (tenant_id, index) WHERE type = 'workload.attested';
