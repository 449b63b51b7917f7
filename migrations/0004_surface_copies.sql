-- Slack offers no way to ask whether a post whose answer was lost has arrived, so a card is posted
-- until one post is answered, and what else may stand is remembered.

-- How many posts of this card were begun and never answered, a killed process's among them.
ALTER TABLE app.surface ADD COLUMN unanswered int NOT NULL DEFAULT 0;

-- Messages that show a card and are not the one that is kept up to date. Each is taken away.
CREATE TABLE app.surface_copy (
  tenant_id uuid NOT NULL,
  copy_id uuid NOT NULL,
  surface_id uuid NOT NULL,
  channel text NOT NULL,
  ts text NOT NULL,
  PRIMARY KEY (tenant_id, copy_id),
  UNIQUE (tenant_id, channel, ts),
  FOREIGN KEY (tenant_id, surface_id) REFERENCES app.surface (tenant_id, surface_id)
);
SELECT app.isolate('surface_copy');
GRANT SELECT, INSERT, DELETE ON app.surface_copy TO breakglass_app;
