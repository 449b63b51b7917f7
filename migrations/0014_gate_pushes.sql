-- Exceptions that we hold at gates which do not ask: where something may stand, so that a crash, a
-- gate that leaves the policy or one that changes its kind leaves nothing behind that nobody removes.
CREATE TABLE app.gate_push (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  gate text NOT NULL CHECK (gate <> ''),
  -- Of the gate as it was pushed to.
  kind text NOT NULL CHECK (kind <> ''),
  -- The bypasses that stood there when it was last brought to what was wanted.
  stands uuid[] NOT NULL DEFAULT '{}',
  begun_at timestamptz NOT NULL DEFAULT app.now(),
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, gate, kind)
);

SELECT app.isolate('gate_push');

GRANT SELECT, INSERT, DELETE, UPDATE (stands, settled_at) ON app.gate_push TO breakglass_app;
