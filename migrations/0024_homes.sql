-- Each person's Home in Slack, brought up to date like a card: it shows what stands when it is rendered.

CREATE TABLE app.home (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  home_id uuid NOT NULL,
  team text NOT NULL,
  "user" text NOT NULL,
  -- `wanted` counts changes of what it shows, `shown` is the last one published.
  wanted bigint NOT NULL DEFAULT 1,
  shown bigint NOT NULL DEFAULT 0,
  -- Of the view as Slack has it: one that was published since is not overwritten by an older one.
  hash text,
  -- When somebody looked at it last; nobody is kept up to date who does not look.
  opened_at timestamptz NOT NULL,
  -- Held by whoever publishes it now; a killed process lets go when it runs out.
  claimed_until timestamptz,
  PRIMARY KEY (tenant_id, home_id),
  UNIQUE (tenant_id, team, "user")
);
SELECT app.isolate('home');
GRANT SELECT, INSERT, UPDATE ON app.home TO breakglass_app;
