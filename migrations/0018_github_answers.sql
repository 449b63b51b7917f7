-- What was sent to a gate system and what arrived there, and what keeps one row from standing for another.

-- Jobs of one run ask for one environment one after the other, each by a delivery of its own, and an
-- answer may be lost on its way. NULL and false are what the version before writes: it is sent once more.
ALTER TABLE app.gate_run
  -- The one by which it asked last: handled twice it is one question.
  ADD COLUMN delivery text,
  -- Whose ref started the run, where `branch` has only what is certain.
  ADD COLUMN line text,
  -- Whether the last approval arrived.
  ADD COLUMN answered boolean NOT NULL DEFAULT false,
  -- Whether any approval may have arrived; NULL where nobody knows.
  ADD COLUMN began boolean;
GRANT UPDATE (delivery, answered, began) ON app.gate_run TO breakglass_app;

-- What the check says of the end of its bypass: it is written anew only where that has changed.
ALTER TABLE app.gate_check ADD COLUMN shown_until timestamptz;
-- A branch that is gone is looked at no more.
GRANT DELETE, UPDATE (shown_until) ON app.gate_check TO breakglass_app;
