-- Who asked for a deploy: only they end it. NULL is a lease that the version before wrote, which anybody
-- of the gate ends, as that version has it.
ALTER TABLE app.lease ADD COLUMN asker text CHECK (asker <> '');
-- The token that this one came from by rotation, first of all: what asked with the one goes on with the other.
ALTER TABLE app.api_token ADD COLUMN lineage_id uuid;

-- A receiver said when it wants to hear more (Retry-After); nothing is sent to it before.
ALTER TABLE app.event_subscription ADD COLUMN not_before timestamptz;
-- Its secret can be exchanged.
GRANT UPDATE (not_before, target) ON app.event_subscription TO breakglass_app;
