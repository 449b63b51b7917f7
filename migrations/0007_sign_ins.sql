-- Approvals that are signed on their approver's sign-in at the tenant's identity provider.

-- An approval that lacks only the sign-in: the statement is fixed, so that the sign-in can be bound
-- to it. The log hears of it once it is completed. Links and handles stand here as SHA-256; what has
-- to be read again is sealed, and ends with its use.
CREATE TABLE app.prepared_approval (
  tenant_id uuid NOT NULL,
  prepared_id uuid NOT NULL,
  press_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- The approval with the look-ups that its statement names.
  command jsonb NOT NULL,
  statement bytea NOT NULL,
  statement_digest text NOT NULL,
  enrolled_digest text NOT NULL,
  expires_at timestamptz NOT NULL,
  link bytea,
  -- What waits for a browser to come back; one at a time.
  attempt_hash bytea CHECK (length(attempt_hash) = 32),
  attempt bytea,
  ended text CHECK (ended IN ('used', 'refused', 'replaced')),
  PRIMARY KEY (tenant_id, prepared_id),
  UNIQUE (tenant_id, press_id),
  FOREIGN KEY (tenant_id, press_id) REFERENCES app.press (tenant_id, press_id),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id),
  CHECK ((attempt_hash IS NULL) = (attempt IS NULL)),
  CHECK (ended IS NULL OR link IS NULL AND attempt IS NULL)
);
-- Only the newest link of a person for a request counts.
CREATE UNIQUE INDEX prepared_approval_open ON app.prepared_approval (tenant_id, bypass_id, person_id)
  WHERE ended IS NULL;

-- A person's account at the identity provider; bindings that ended stay.
CREATE TABLE app.binding (
  tenant_id uuid NOT NULL,
  bound_digest text NOT NULL,
  person_id uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  email text NOT NULL,
  unbound_digest text,
  -- Whether the security channel was told that it ended, and that the person bound another account.
  told text CHECK (told IN ('unbound', 'bound-again')),
  PRIMARY KEY (tenant_id, bound_digest),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);
CREATE UNIQUE INDEX binding_person ON app.binding (tenant_id, person_id) WHERE unbound_digest IS NULL;
CREATE UNIQUE INDEX binding_account ON app.binding (tenant_id, issuer, subject)
  WHERE unbound_digest IS NULL;
CREATE UNIQUE INDEX binding_email ON app.binding (tenant_id, lower(email))
  WHERE unbound_digest IS NULL;

-- The key sets of identity providers as the log has them.
CREATE TABLE app.provider_keys (
  tenant_id uuid NOT NULL,
  index bigint NOT NULL,
  issuer text NOT NULL,
  keys jsonb NOT NULL,
  statement_digest text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, index),
  FOREIGN KEY (tenant_id, index) REFERENCES app.log_entry (tenant_id, index)
);
CREATE INDEX provider_keys_issuer ON app.provider_keys (tenant_id, issuer, index);

SELECT app.isolate(name) FROM unnest(ARRAY['prepared_approval', 'binding', 'provider_keys']) AS name;

-- A directory, as that of tokens: whose a link or handle is, before a tenant is known.
CREATE TABLE app.sign_in_directory (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  tenant_id uuid NOT NULL,
  prepared_id uuid NOT NULL
);
CREATE INDEX sign_in_directory_prepared ON app.sign_in_directory (tenant_id, prepared_id);

GRANT SELECT, INSERT, DELETE, UPDATE (link, attempt_hash, attempt, ended)
  ON app.prepared_approval TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (unbound_digest, told) ON app.binding TO breakglass_app;
GRANT SELECT, INSERT ON app.provider_keys TO breakglass_app;
GRANT SELECT, INSERT, DELETE ON app.sign_in_directory TO breakglass_app;
