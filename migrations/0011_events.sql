-- Events leave the house: webhooks that hear of entries, what is delivered to each, and every try of
-- it. And an incident tool's word that an incident is over comes in.

-- A webhook. Its address often holds a token of its receiver, so it is sealed with its secret.
CREATE TABLE app.event_subscription (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  subscription_id uuid NOT NULL,
  -- For people to tell webhooks apart.
  host text NOT NULL,
  -- Address and secret, sealed under the tenant's key.
  target bytea NOT NULL,
  -- Names of types, or their beginnings with a * behind; none is all.
  types text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app.now(),
  -- When the receiver said that it is gone (410); nothing more is sent.
  gone_at timestamptz,
  PRIMARY KEY (tenant_id, subscription_id)
);

-- One event on its way to one webhook, added in the commit of the entry that it tells. What is sent
-- is read from the entry, so that no copy of it stands here.
CREATE TABLE app.event_delivery (
  tenant_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  event_id text NOT NULL,
  type text NOT NULL,
  -- The entry; NULL for a trial.
  statement_digest text,
  -- What a CDEvent says was deployed, as it was known at the commit.
  deployed jsonb,
  created_at timestamptz NOT NULL DEFAULT app.now(),
  delivered_at timestamptz,
  -- Somebody wants it sent, once more or for the first time, and no job does so yet.
  wanted boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, delivery_id),
  UNIQUE (tenant_id, subscription_id, event_id),
  FOREIGN KEY (tenant_id, subscription_id)
    REFERENCES app.event_subscription (tenant_id, subscription_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, statement_digest) REFERENCES app.log_entry (tenant_id, statement_digest)
);
CREATE INDEX event_delivery_newest ON app.event_delivery (tenant_id, created_at);
CREATE INDEX event_delivery_wanted ON app.event_delivery (tenant_id) WHERE wanted;

CREATE TABLE app.event_attempt (
  tenant_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  attempt_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT app.now(),
  outcome text NOT NULL CHECK (outcome <> ''),
  status int,
  duration_ms int NOT NULL CHECK (duration_ms >= 0),
  PRIMARY KEY (tenant_id, delivery_id, attempt_id),
  FOREIGN KEY (tenant_id, delivery_id)
    REFERENCES app.event_delivery (tenant_id, delivery_id) ON DELETE CASCADE
);

-- Who may say that an incident is over: the secret that such a message is signed with.
CREATE TABLE app.incident_source (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  kind text NOT NULL CHECK (kind IN ('standard', 'pagerduty')),
  secret bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, kind)
);

-- Bypasses whose requester was told that the incident is over: once each.
CREATE TABLE app.close_proposal (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id)
);

SELECT app.isolate(name) FROM unnest(ARRAY[
  'event_subscription', 'event_delivery', 'event_attempt', 'incident_source', 'close_proposal'
]) AS name;

GRANT SELECT, INSERT, DELETE, UPDATE (gone_at) ON app.event_subscription TO breakglass_app;
GRANT SELECT, INSERT, DELETE, UPDATE (delivered_at, wanted) ON app.event_delivery TO breakglass_app;
GRANT SELECT, INSERT ON app.event_attempt TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (secret, made_at) ON app.incident_source TO breakglass_app;
GRANT SELECT, INSERT ON app.close_proposal TO breakglass_app;
