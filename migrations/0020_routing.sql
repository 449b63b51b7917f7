-- Who is asked while a request waits, when a look-up that failed is made again, and what was paged.

-- The person may not decide any more, as it was last looked up. NULL: as far as is known they may.
ALTER TABLE app.asked ADD COLUMN gone_at timestamptz;

-- Whoever could not be looked up is not looked up again each second. The version before tries at once.
ALTER TABLE app.deadline ADD COLUMN tries integer NOT NULL DEFAULT 0;
ALTER TABLE app.deadline ADD COLUMN retry_at timestamptz;
GRANT UPDATE (tries, retry_at) ON app.deadline TO breakglass_app;
CREATE POLICY change ON app.deadline FOR UPDATE
  USING (tenant_id = app.tenant_id()) WITH CHECK (tenant_id = app.tenant_id());

-- What may have reached a pager, so that all of it is resolved. A row stands before anything is sent.
CREATE TABLE app.page (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  way text NOT NULL CHECK (way IN ('pagerduty', 'mail', 'webhook')),
  -- Which ring it is: none is rung twice.
  ring text NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT app.now(),
  sent_at timestamptz,
  resolved_at timestamptz,
  PRIMARY KEY (tenant_id, bypass_id, way, ring),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id)
);
SELECT app.isolate('page');
GRANT SELECT, INSERT, UPDATE (sent_at, resolved_at) ON app.page TO breakglass_app;
