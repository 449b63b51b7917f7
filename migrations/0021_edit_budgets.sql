-- How fast cards are edited: Slack limits `chat.update` for a whole workspace, and every replica counts.

-- One row for each workspace, by the generic cell rate algorithm (ITU-T I.371): when the next edit
-- would be due if edits came evenly.
CREATE TABLE app.edit_budget (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  team text NOT NULL CHECK (team <> ''),
  due_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, team)
);

-- What changed is to be seen at once; what is not urgent leaves room for what is. The version before
-- knows nothing of it and shows everything at once.
ALTER TABLE app.surface ADD COLUMN urgent boolean NOT NULL DEFAULT true;

SELECT app.isolate('edit_budget');
GRANT SELECT, INSERT, UPDATE (due_at) ON app.edit_budget TO breakglass_app;
