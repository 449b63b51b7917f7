-- Checkpoints leave the house: to the security channel, by mail and to witnesses. What witnesses
-- signed, what each destination was last sent, and what is wrong and was told.

-- A witness's line under a checkpoint (C2SP tlog-cosignature), verified before it is kept.
CREATE TABLE app.cosignature (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  -- The size of the checkpoint that it stands under.
  size bigint NOT NULL,
  -- The witness's name and key id: together they name the key.
  name text NOT NULL CHECK (name <> ''),
  key_id bigint NOT NULL CHECK (key_id BETWEEN 0 AND 4294967295),
  -- The signature line of the note, without its newline.
  line text NOT NULL CHECK (line LIKE '— %' AND strpos(line, E'\n') = 0),
  -- The witness's own time, which its signature covers: whole seconds.
  cosigned_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT app.now(),
  PRIMARY KEY (tenant_id, size, name, key_id),
  FOREIGN KEY (tenant_id, size) REFERENCES app.log_checkpoint (tenant_id, size)
);

-- Where checkpoints are sent: a channel, mail, a witness. Level-triggered: `wanted_size` counts up,
-- and whatever is sent is the newest checkpoint of that moment.
CREATE TABLE app.destination (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  kind text NOT NULL CHECK (kind IN ('channel', 'mail', 'witness')),
  -- The channel's id, the witness's verifier key, '' for mail.
  name text NOT NULL,
  -- At least so much of the log is to arrive there.
  wanted_size bigint NOT NULL,
  wanted_at timestamptz NOT NULL DEFAULT app.now(),
  -- What arrived last. For a witness: what it said that it has seen.
  sent_size bigint NOT NULL DEFAULT 0,
  sent_at timestamptz,
  -- The first failure since the last success.
  failing_since timestamptz,
  -- Held by whoever sends now; a killed process lets go when it runs out.
  claimed_until timestamptz,
  PRIMARY KEY (tenant_id, kind, name)
);

-- What is wrong now, each thing once: told when it begins and when it is over.
CREATE TABLE app.alarm (
  tenant_id uuid NOT NULL REFERENCES app.tenant,
  alarm_id uuid NOT NULL,
  -- The same for the same thing going wrong, so that it is told once.
  key text NOT NULL,
  code text NOT NULL,
  about jsonb NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT app.now(),
  told_at timestamptz,
  cleared_at timestamptz,
  clearing_told_at timestamptz,
  PRIMARY KEY (tenant_id, alarm_id)
);
CREATE UNIQUE INDEX alarm_standing ON app.alarm (tenant_id, key) WHERE cleared_at IS NULL;

SELECT app.isolate(name) FROM unnest(ARRAY['cosignature', 'destination', 'alarm']) AS name;

-- A cosignature is evidence: it is added, and never changed or taken away.
GRANT SELECT, INSERT ON app.cosignature TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (wanted_size, wanted_at, sent_size, sent_at, failing_since, claimed_until)
  ON app.destination TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (told_at, cleared_at, clearing_told_at) ON app.alarm TO breakglass_app;

-- A token that reads the log and decides nothing. The version before this knows no kinds: it sees
-- a gate without a name, which no question is ever about.
ALTER TABLE app.api_token ADD COLUMN kind text NOT NULL DEFAULT 'gate' CHECK (kind IN ('gate', 'log'));
ALTER TABLE app.api_token ADD CHECK (kind = 'gate' OR gate = '');
