-- Keys are replaced. Of a tenant's log and service key, the log's head names the versions that sign:
-- whoever appends has it locked, so no two replicas ever sign with different keys. The sealed keys
-- stand in app.secret, the first under its old name, later ones under <name>:<version>.
ALTER TABLE app.log_head
  ADD COLUMN log_key int NOT NULL DEFAULT 1 CHECK (log_key > 0),
  ADD COLUMN service_key int NOT NULL DEFAULT 1 CHECK (service_key > 0);

-- Which of them signed. The version before this signs with the first ones and says so by default.
ALTER TABLE app.log_checkpoint
  ADD COLUMN log_key int NOT NULL DEFAULT 1,
  ADD COLUMN service_key int NOT NULL DEFAULT 1;

-- A replica that has not heard of a new key, such as one of the version before, must not append: an
-- outsider would refuse the log for ever.
CREATE FUNCTION app.expect_keys_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM app.log_head AS head
    WHERE head.tenant_id = NEW.tenant_id
      AND head.log_key = NEW.log_key AND head.service_key = NEW.service_key)
  THEN
    RAISE EXCEPTION 'the log was signed with keys that are not in force'
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keys_in_force BEFORE INSERT ON app.log_checkpoint
  FOR EACH ROW EXECUTE FUNCTION app.expect_keys_in_force();

-- Of the installation's own keys (tokens, decisions): from when on the key signs. Until then it is
-- published alone, so that whoever caches keys has it in time. NULL signs from the start.
ALTER TABLE app.secret ADD COLUMN signs_from timestamptz;

-- What is sealed is sealed anew under another key-encryption key, one secret at a time and only in
-- place of what the caller has read. No role may write over a secret in any other way.
CREATE FUNCTION app.reseal(which text, was bytea, becomes bytea) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE app.secret SET sealed = becomes
    WHERE tenant_id = app.tenant_id() AND purpose = which AND sealed = was;
  RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION app.reseal(text, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.reseal(text, bytea, bytea) TO breakglass_app;
