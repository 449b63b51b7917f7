-- What approvers tell each other while a request waits: who looks at it, and what they ask the requester.
-- Neither decides anything, so neither stands in the log.

CREATE TABLE app.claim (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- When they said so last; the row stays, and nobody is bound by it.
  claimed_at timestamptz NOT NULL,
  -- Nobody is taken to look at it after that.
  until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, bypass_id, person_id),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);

CREATE TABLE app.question (
  tenant_id uuid NOT NULL,
  -- The press that asked it.
  question_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  person_id uuid NOT NULL,
  -- NULL once it stands in Slack: it is kept there alone.
  text text,
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, question_id),
  FOREIGN KEY (tenant_id, question_id) REFERENCES app.press (tenant_id, press_id),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES app.person (tenant_id, person_id)
);
CREATE INDEX question_bypass ON app.question (tenant_id, bypass_id);

SELECT app.isolate(name) FROM unnest(ARRAY['claim', 'question']) AS name;
GRANT SELECT, INSERT, UPDATE (claimed_at, until) ON app.claim TO breakglass_app;
GRANT SELECT, INSERT, UPDATE (text) ON app.question TO breakglass_app;

-- `claim`: that somebody looked at it is over. `warn`: the end of a bypass is near. `recheck`: look
-- again who may decide. The version before leaves each of them alone, and due.
ALTER TABLE app.deadline DROP CONSTRAINT deadline_kind_check;
ALTER TABLE app.deadline ADD CONSTRAINT deadline_kind_check
  CHECK (kind IN ('lapse', 'escalate', 'expire', 'remind', 'lease', 'claim', 'warn', 'recheck'));

-- The requester was told that the end is near: once, whatever is written anew of the bypass.
ALTER TABLE app.bypass ADD COLUMN warned_at timestamptz;
