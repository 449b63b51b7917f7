-- The directories are read before a tenant is known, so everybody sees their rows; they say whose
-- something is and no more. Only its tenant adds or removes a row: a link, a token or a workspace never
-- leads to another tenant because of a mistake in a query. The version before writes them so already.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['token_directory', 'team_directory', 'sign_in_directory', 'deadline'] LOOP
    EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE app.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY look ON app.%I FOR SELECT USING (true)', name);
    EXECUTE format(
      'CREATE POLICY add ON app.%I FOR INSERT WITH CHECK (tenant_id = app.tenant_id())', name);
    EXECUTE format(
      'CREATE POLICY remove ON app.%I FOR DELETE USING (tenant_id = app.tenant_id())', name);
  END LOOP;
END
$$;
