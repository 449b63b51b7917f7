-- Gate systems that ask by webhook and are answered through their API: what they told us, what waits
-- there, and what was let through.

-- A delivery as it came, from before its sender is answered until its job has handled it.
CREATE TABLE app.gate_delivery (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  kind text NOT NULL CHECK (kind <> ''),
  -- The sender's own id: a delivery twice is one.
  delivery_id text NOT NULL CHECK (delivery_id <> ''),
  event text NOT NULL,
  -- It names people, so it goes once it was handled.
  body text,
  received_at timestamptz NOT NULL DEFAULT app.now(),
  handled_at timestamptz,
  PRIMARY KEY (tenant_id, kind, delivery_id),
  CHECK ((body IS NULL) = (handled_at IS NOT NULL))
);
CREATE INDEX gate_delivery_received ON app.gate_delivery (tenant_id, received_at);

-- How far the sender's own list of deliveries was read.
CREATE TABLE app.gate_position (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  kind text NOT NULL CHECK (kind <> ''),
  position text NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);

-- One attempt of a run that asked to deploy to one environment.
CREATE TABLE app.gate_run (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  gate text NOT NULL,
  environment text NOT NULL,
  run text NOT NULL,
  attempt int NOT NULL CHECK (attempt > 0),
  state text NOT NULL CHECK (state IN ('waiting', 'approved', 'ended')),
  through text CHECK (through IN ('bypass', 'check')),
  branch text,
  commit_id text NOT NULL,
  url text NOT NULL,
  actor text,
  workflow text NOT NULL,
  -- The gate system takes only so many.
  reports int NOT NULL DEFAULT 0,
  last_report text,
  asked_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, gate, environment, run, attempt)
);
CREATE INDEX gate_run_open ON app.gate_run (tenant_id, gate) WHERE state <> 'ended';
CREATE INDEX gate_run_run ON app.gate_run (tenant_id, run);

-- When a run was first asked to stop, so that it can be forced to later.
CREATE TABLE app.gate_stop (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  gate text NOT NULL,
  run text NOT NULL,
  attempt int NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, gate, run, attempt)
);

-- What a required check shows at the newest commit of a branch.
CREATE TABLE app.gate_check (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  gate text NOT NULL,
  branch text NOT NULL,
  commit_id text NOT NULL,
  check_id text,
  shows text NOT NULL CHECK (shows IN ('none', 'enforce', 'bypass', 'passed')),
  PRIMARY KEY (tenant_id, gate, branch)
);

SELECT app.isolate(name)
FROM unnest(ARRAY['gate_delivery', 'gate_position', 'gate_run', 'gate_stop', 'gate_check']) AS name;

GRANT SELECT, INSERT, DELETE, UPDATE (body, handled_at) ON app.gate_delivery TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (position) ON app.gate_position TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (state, through, reports, last_report) ON app.gate_run TO breakglass_app;
GRANT SELECT, INSERT ON app.gate_stop TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (commit_id, check_id, shows) ON app.gate_check TO breakglass_app;
