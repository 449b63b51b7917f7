-- Deciding without Slack: links in pages, and what is kept of whoever follows one.

-- How a press came: by Slack, or by the page that a link leads to. It is sealed with the press, so one
-- that the version before stored, or that somebody wrote by hand, is none by a link.
ALTER TABLE app.press ADD COLUMN via text NOT NULL DEFAULT 'slack' CHECK (via IN ('slack', 'link'));

-- When the person last signed in with the account that they have bound. Where Slack cannot be asked,
-- a sign-in of just now stands in for its word.
ALTER TABLE app.binding ADD COLUMN signed_in_at timestamptz;
GRANT UPDATE (signed_in_at) ON app.binding TO breakglass_app;

-- The link of a request, sealed: each page about it carries the same one.
CREATE TABLE app.page_link (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  link bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id)
);

-- One browser that follows a link, from its first sign-in to what was decided.
CREATE TABLE app.link_attempt (
  tenant_id uuid NOT NULL,
  attempt_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  -- Of the handle that the browser comes back with, and of the one it has from then on.
  hash bytea NOT NULL CHECK (length(hash) = 32),
  -- SHA-256 of its cookie.
  browser bytea NOT NULL CHECK (length(browser) = 32),
  -- What the sign-in is held to, sealed; gone once the browser is back.
  sealed bytea,
  person_id uuid,
  expires_at timestamptz NOT NULL,
  -- Why its press changed nothing.
  refusal jsonb,
  PRIMARY KEY (tenant_id, attempt_id),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);

SELECT app.isolate(name) FROM unnest(ARRAY['page_link', 'link_attempt']) AS name;

-- A directory, as that of sign-ins: whose a link or handle is, before a tenant is known.
CREATE TABLE app.link_directory (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  tenant_id uuid NOT NULL
);
ALTER TABLE app.link_directory ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.link_directory FORCE ROW LEVEL SECURITY;
CREATE POLICY look ON app.link_directory FOR SELECT USING (true);
CREATE POLICY add ON app.link_directory FOR INSERT WITH CHECK (tenant_id = app.tenant_id());
CREATE POLICY remove ON app.link_directory FOR DELETE USING (tenant_id = app.tenant_id());

GRANT SELECT, INSERT, DELETE ON app.page_link TO breakglass_app;
GRANT SELECT, INSERT, DELETE, UPDATE (hash, sealed, person_id, expires_at, refusal)
  ON app.link_attempt TO breakglass_app;
GRANT SELECT, INSERT, DELETE ON app.link_directory TO breakglass_app;
