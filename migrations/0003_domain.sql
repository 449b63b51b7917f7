-- Tenants, people, policies, the log and the bypasses. Every table carries the tenant in its key,
-- because foreign keys ignore row-level security; every table forces it, owner included.

CREATE FUNCTION app.isolate(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE app.%I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format(
    'CREATE POLICY tenant ON app.%I USING (tenant_id = app.tenant_id()) WITH CHECK (tenant_id = app.tenant_id())',
    name);
END
$$;
REVOKE ALL ON FUNCTION app.isolate(text) FROM PUBLIC;

CREATE TABLE app.tenant (
  tenant_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  -- The version in force; NULL until the first is applied, and then nothing can be requested.
  policy_digest text,
  created_at timestamptz NOT NULL DEFAULT app.now()
);

-- Keys and tokens, sealed under BREAKGLASS_KEK with the tenant as associated data. The installation's
-- own stand under the nil tenant.
CREATE TABLE app.secret (
  tenant_id uuid NOT NULL,
  purpose text NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, purpose)
);

CREATE TABLE app.policy (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  digest text NOT NULL CHECK (digest LIKE 'sha256:%'),
  content jsonb NOT NULL,
  -- Who is in which group, channels, template: what the content leaves out.
  directory jsonb NOT NULL,
  document text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, digest)
);
ALTER TABLE app.tenant ADD FOREIGN KEY (tenant_id, policy_digest) REFERENCES app.policy (tenant_id, digest);

CREATE TABLE app.person (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  person_id uuid NOT NULL,
  -- For display alone; identity is the account.
  name text NOT NULL,
  PRIMARY KEY (tenant_id, person_id)
);

CREATE TABLE app.account (
  tenant_id uuid NOT NULL,
  team text NOT NULL,
  "user" text NOT NULL,
  person_id uuid NOT NULL,
  -- Bound at enrolment and never changed by a profile.
  email text,
  enrolled_digest text,
  PRIMARY KEY (tenant_id, team, "user"),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);
CREATE INDEX account_person ON app.account (tenant_id, person_id);

-- The one row of a tenant's log that changes; locking it makes a commit the only writer.
CREATE TABLE app.log_head (
  tenant_id uuid PRIMARY KEY REFERENCES app.tenant,
  origin text NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  -- Roots of the perfect subtrees, left to right (RFC 6962).
  peaks bytea[] NOT NULL
);

CREATE TABLE app.log_entry (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  index bigint NOT NULL CHECK (index >= 0),
  type text NOT NULL,
  chain_id uuid,
  bypass_id uuid,
  statement bytea NOT NULL,
  statement_digest text NOT NULL,
  -- Canonical JSON of the DSSE envelope or the Sigstore bundle.
  envelope text NOT NULL,
  -- The size of the tree whose checkpoint first covers the entry.
  checkpoint_size bigint NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, index),
  UNIQUE (tenant_id, statement_digest)
);
CREATE INDEX log_entry_chain ON app.log_entry (tenant_id, chain_id, index);

-- What people typed and who they are, apart from the entries so that it can be erased.
CREATE TABLE app.log_opening (
  tenant_id uuid NOT NULL,
  index bigint NOT NULL,
  name text NOT NULL,
  salt bytea NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (tenant_id, index, name),
  FOREIGN KEY (tenant_id, index) REFERENCES app.log_entry (tenant_id, index)
);

-- Provisional entries that were attested since, by their statement. Once each.
CREATE TABLE app.attested (
  tenant_id uuid NOT NULL,
  statement_digest text NOT NULL,
  index bigint NOT NULL,
  PRIMARY KEY (tenant_id, statement_digest),
  FOREIGN KEY (tenant_id, index) REFERENCES app.log_entry (tenant_id, index)
);

CREATE TABLE app.log_node (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  level int NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (tenant_id, level, index)
);

CREATE TABLE app.log_checkpoint (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (tenant_id, size)
);

CREATE TABLE app.chain (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  chain_id uuid NOT NULL,
  -- The decider's state, evolved from the chain's entries and by nothing else.
  state jsonb NOT NULL,
  semantics int NOT NULL,
  PRIMARY KEY (tenant_id, chain_id)
);

-- The same state, by column, for the questions that cut across chains.
CREATE TABLE app.bypass (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  chain_id uuid NOT NULL,
  phase text NOT NULL CHECK (phase IN ('waiting', 'denied', 'withdrawn', 'lapsed', 'active', 'closed')),
  gate text NOT NULL,
  service text NOT NULL,
  environment text NOT NULL,
  branch text,
  artifact text,
  severity text,
  drill boolean NOT NULL,
  requester uuid NOT NULL,
  policy_digest text NOT NULL,
  request_digest text NOT NULL,
  activation_digest text,
  opened_at timestamptz NOT NULL,
  ttl_ms bigint,
  expires_at timestamptz,
  ended_at timestamptz,
  -- The Slack channel whose card follows the bypass.
  team text,
  channel text,
  PRIMARY KEY (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, chain_id) REFERENCES app.chain (tenant_id, chain_id),
  CHECK ((activation_digest IS NULL) = (phase NOT IN ('active', 'closed'))),
  CHECK ((expires_at IS NULL) = (activation_digest IS NULL))
);
CREATE INDEX bypass_active ON app.bypass (tenant_id, gate) WHERE phase = 'active';
CREATE INDEX bypass_waiting ON app.bypass (tenant_id, requester) WHERE phase = 'waiting';
CREATE INDEX bypass_denied ON app.bypass (tenant_id, gate, service, environment, ended_at) WHERE phase = 'denied';

-- A deploy's sign of life. No part of the record: what the log needs of it is an entry.
CREATE TABLE app.lease (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  deploy text NOT NULL,
  until timestamptz NOT NULL,
  -- To be stopped, and not yet known whether it was.
  pending boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, bypass_id, deploy),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id)
);
CREATE INDEX lease_pending ON app.lease (tenant_id, deploy) WHERE pending;

CREATE TABLE app.press (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  press_id uuid NOT NULL,
  -- The same for every delivery of one press.
  key text NOT NULL,
  team text NOT NULL,
  "user" text NOT NULL,
  action jsonb NOT NULL,
  from_message jsonb,
  pressed_at timestamptz NOT NULL DEFAULT app.now(),
  outcome text CHECK (outcome IN ('done', 'refused')),
  -- Its presser was told that Sigstore is awaited.
  awaiting boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, press_id),
  UNIQUE (tenant_id, key)
);

-- Who was asked to approve, and for which requirement.
CREATE TABLE app.asked (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  person_id uuid NOT NULL,
  "from" text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, bypass_id, person_id, "from"),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);

-- One copy of a card. `wanted` counts changes of what it shows, `shown` is the last one published.
CREATE TABLE app.surface (
  tenant_id uuid NOT NULL,
  surface_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  kind text NOT NULL,
  recipient jsonb NOT NULL,
  recipient_key text NOT NULL,
  channel text,
  ts text,
  wanted bigint NOT NULL DEFAULT 1,
  shown bigint NOT NULL DEFAULT 0,
  -- Held by whoever publishes it now; a killed process lets go when it runs out.
  claimed_until timestamptz,
  PRIMARY KEY (tenant_id, surface_id),
  UNIQUE (tenant_id, bypass_id, kind, recipient_key),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id)
);

-- Nothing is sent to a channel before its Retry-After has passed.
CREATE TABLE app.channel_pause (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  channel text NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel)
);

CREATE TABLE app.note (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  note_id uuid NOT NULL,
  team text NOT NULL,
  "user" text NOT NULL,
  from_message jsonb,
  content jsonb NOT NULL,
  told_at timestamptz,
  PRIMARY KEY (tenant_id, note_id)
);

CREATE TABLE app.api_token (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  token_id uuid NOT NULL,
  name text NOT NULL,
  -- The first characters, for people to tell tokens apart; the rest is nowhere.
  prefix text NOT NULL,
  gate text NOT NULL,
  -- NULL is every service of the tenant.
  service text,
  created_at timestamptz NOT NULL DEFAULT app.now(),
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, token_id)
);

SELECT app.isolate(name) FROM unnest(ARRAY[
  'tenant', 'secret', 'policy', 'person', 'account', 'log_head', 'log_entry', 'log_opening',
  'attested', 'log_node', 'log_checkpoint', 'chain', 'bypass', 'lease', 'press', 'asked', 'surface',
  'channel_pause', 'note', 'api_token']) AS name;

-- The three directories, read before a tenant is known. They say whose something is and no more.
CREATE TABLE app.token_directory (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  tenant_id uuid NOT NULL,
  token_id uuid NOT NULL
);
CREATE TABLE app.team_directory (
  team text PRIMARY KEY,
  tenant_id uuid NOT NULL
);
CREATE TABLE app.deadline (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('lapse', 'escalate', 'expire', 'remind', 'lease')),
  -- The deploy, for a lease.
  about text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, bypass_id, kind, about, due_at)
);
CREATE INDEX deadline_due ON app.deadline (due_at);

-- The log grows and nothing else: no UPDATE, no DELETE, for either role.
GRANT SELECT, INSERT ON app.log_entry, app.log_opening, app.attested, app.log_node, app.log_checkpoint,
  app.policy, app.secret, app.token_directory, app.team_directory
  TO breakglass_app;
GRANT SELECT, INSERT, UPDATE ON app.tenant, app.person, app.account, app.log_head,
  app.chain, app.bypass, app.lease, app.press, app.asked, app.surface, app.channel_pause, app.note,
  app.api_token
  TO breakglass_app;
GRANT SELECT, INSERT, DELETE ON app.deadline TO breakglass_app;
-- The jobs role has nothing here: what a job does, it does as the application.
