-- What somebody took from the thread of a card into the timeline of its review.
CREATE TABLE app.timeline_mark (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  -- The message in its channel, as Slack calls it: one message is taken once.
  ts text NOT NULL,
  -- Who wrote it; NULL where that is no person.
  team text,
  "user" text,
  -- Who took it.
  person_id uuid NOT NULL,
  -- NULL once erased.
  said text,
  said_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, bypass_id, ts),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);
SELECT app.isolate('timeline_mark');
GRANT SELECT, INSERT, UPDATE (said) ON app.timeline_mark TO breakglass_app;
-- A thread is known by the card that it hangs under.
CREATE INDEX surface_message ON app.surface (tenant_id, channel, ts);
