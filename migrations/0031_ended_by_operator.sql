-- An operator ends an installation. The version before shows it as any that ended.
ALTER TABLE app.installation DROP CONSTRAINT installation_ended_by_check;
ALTER TABLE app.installation ADD CONSTRAINT installation_ended_by_check
  CHECK (ended_by IN ('slack', 'replaced', 'operator'));
