-- The roles that requests and jobs run as, and the functions every policy and decision goes through.

-- Roles belong to the whole server, and another database on it may be migrated at this moment. A
-- migrator without CREATEROLE needs both roles made, and granted to it, beforehand.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['breakglass_app', 'breakglass_jobs'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
    -- SET alone: the migrator may become the role, but never acts with its rights by accident.
    IF NOT pg_has_role(current_user, wanted, 'SET') THEN
      EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', wanted, current_user);
    END IF;
  END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS app;
GRANT USAGE ON SCHEMA app TO breakglass_app, breakglass_jobs;

-- The only clock that decides anything: it moves within a transaction, unlike now(), so that a
-- decision that waited for a lock is judged at the time of its answer. Only the owner of the schema
-- can replace it, which is how tests move time; no role and no setting can. Being a single
-- expression it is inlined and costs nothing.
CREATE FUNCTION app.now() RETURNS timestamptz
  LANGUAGE sql VOLATILE PARALLEL SAFE
  RETURN pg_catalog.clock_timestamp();

-- The tenant of this transaction, for row-level security policies. Once set and reset, the setting
-- reads '' and not NULL; both mean no tenant, and no tenant sees no row.
CREATE FUNCTION app.tenant_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(pg_catalog.current_setting('app.tenant', true), '')::uuid;
