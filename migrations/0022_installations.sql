-- Where the app is installed by OAuth, and how an installation begins: by an invitation of the
-- operator's, which names the tenant. The version before knows none of it and serves its one workspace.

-- Whose an invitation or an attempt to install is, by its hash: read before a tenant is known.
CREATE TABLE app.install_directory (
  hash bytea PRIMARY KEY,
  tenant_id uuid NOT NULL
);
ALTER TABLE app.install_directory ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.install_directory FORCE ROW LEVEL SECURITY;
CREATE POLICY look ON app.install_directory FOR SELECT USING (true);
CREATE POLICY add ON app.install_directory FOR INSERT WITH CHECK (tenant_id = app.tenant_id());

-- No foreign key to the tenant: the first installation makes it.
CREATE TABLE app.invitation (
  tenant_id uuid NOT NULL,
  hash bytea NOT NULL,
  -- The tenant's name, as the operator wrote it.
  name text NOT NULL CHECK (name <> ''),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant_id, hash)
);

-- One try to install: a browser that is at Slack, or one that is back and asked whether to bind.
CREATE TABLE app.install_attempt (
  tenant_id uuid NOT NULL,
  hash bytea NOT NULL,
  invitation bytea NOT NULL,
  -- SHA-256 of the cookie of the browser that began, in hex.
  browser text NOT NULL,
  -- What Slack gave, sealed under the tenant's key, until it is bound or given back.
  exchanged bytea,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, invitation) REFERENCES app.invitation (tenant_id, hash)
);
CREATE INDEX install_attempt_open ON app.install_attempt (tenant_id) WHERE ended_at IS NULL;

CREATE TABLE app.installation (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  installation_id uuid NOT NULL,
  enterprise text,
  -- NULL where it holds for a whole organisation.
  team text,
  -- For people to tell them apart.
  name text NOT NULL,
  bot_user text NOT NULL,
  app_id text NOT NULL,
  scopes text[] NOT NULL,
  -- The bot's token and, where tokens rotate, what renews it, sealed under the tenant's key.
  tokens bytea NOT NULL,
  renewed_at timestamptz NOT NULL DEFAULT app.now(),
  -- NULL where tokens do not rotate.
  expires_at timestamptz,
  installed_at timestamptz NOT NULL DEFAULT app.now(),
  ended_at timestamptz,
  ended_by text CHECK (ended_by IN ('slack', 'replaced')),
  PRIMARY KEY (tenant_id, installation_id),
  CHECK (team IS NOT NULL OR enterprise IS NOT NULL),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
-- One at a time for each workspace and each organisation, of whichever tenant: an index heeds no
-- row-level security.
CREATE UNIQUE INDEX installation_of_team ON app.installation (team) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX installation_of_enterprise ON app.installation (enterprise)
  WHERE ended_at IS NULL AND team IS NULL;

-- An organisation is bound to its tenant as a workspace is; one of its workspaces says through whose
-- installation it is served.
ALTER TABLE app.team_directory
  ADD COLUMN kind text NOT NULL DEFAULT 'team' CHECK (kind IN ('team', 'enterprise')),
  ADD COLUMN enterprise text;
CREATE POLICY change ON app.team_directory FOR UPDATE
  USING (tenant_id = app.tenant_id()) WITH CHECK (tenant_id = app.tenant_id());

SELECT app.isolate(name) FROM unnest(ARRAY['invitation', 'install_attempt', 'installation']) AS name;
GRANT SELECT, INSERT ON app.install_directory TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (used_at) ON app.invitation TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (exchanged, ended_at) ON app.install_attempt TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (tokens, renewed_at, expires_at, ended_at, ended_by)
  ON app.installation TO breakglass_app;
GRANT UPDATE (enterprise) ON app.team_directory TO breakglass_app;
