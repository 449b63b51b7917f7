-- A token that reads statistics: which gates were opened how often, and nothing that people typed.
ALTER TABLE app.api_token DROP CONSTRAINT api_token_kind_check;
ALTER TABLE app.api_token
  ADD CONSTRAINT api_token_kind_check CHECK (kind IN ('gate', 'log', 'statistics'));
