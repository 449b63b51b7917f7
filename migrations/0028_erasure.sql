-- What people typed and who they are can be erased, and nothing else of a log: by a function alone, and
-- only with an entry of the same commit that says so. Nobody can take values away without a trace.
CREATE FUNCTION app.erase_openings(entry text, indices bigint[], names text[]) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tenant uuid := app.tenant_id();
  erased bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM app.log_entry e
    WHERE e.tenant_id = tenant AND e.statement_digest = entry AND e.type = 'values.erased'
      -- Appended by this transaction: an entry from before would cover whatever is erased later.
      AND e.xmin = pg_current_xact_id()::xid)
  THEN
    RAISE insufficient_privilege USING MESSAGE = 'values are erased with the entry that says so';
  END IF;
  DELETE FROM app.log_opening o
    USING unnest(indices, names) AS v (index, name)
    WHERE o.tenant_id = tenant AND o.index = v.index AND o.name = v.name;
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END
$$;
REVOKE ALL ON FUNCTION app.erase_openings(text, bigint[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.erase_openings(text, bigint[], text[]) TO breakglass_app;

-- The address that a sign-in had; the account itself stays, so that nobody else can bind it.
GRANT UPDATE (email) ON app.binding TO breakglass_app;
