-- A log that was seen to reach further than it does: the database was restored to an earlier time. While
-- `held_note` stands (the checkpoint that was seen and is no more, a C2SP signed note), nothing is
-- appended, so every gate of this tenant enforces until an operator says that they know. A replica of
-- the version before does not look at it: a restore asks for all replicas to be of one version.
ALTER TABLE app.log_head ADD COLUMN held_note text, ADD COLUMN held_at timestamptz,
  ADD CHECK ((held_note IS NULL) = (held_at IS NULL));
-- How many restores were acknowledged: a head that was seen before the last of them is forgotten.
ALTER TABLE app.log_head ADD COLUMN restores integer NOT NULL DEFAULT 0;
