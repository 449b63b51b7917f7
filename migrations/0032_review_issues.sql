-- A review as an issue in a tracker: where it stands, and what it shows.
CREATE TABLE app.review_issue (
  tenant_id uuid NOT NULL,
  bypass_id uuid NOT NULL,
  -- The tracker's own number of the repository: a review whose policy names another goes there anew.
  repository text NOT NULL,
  -- One worker at a time, so that a review is not made twice.
  claimed_until timestamptz NOT NULL,
  number bigint,
  -- Digest of what it shows.
  shown text,
  PRIMARY KEY (tenant_id, bypass_id, repository),
  FOREIGN KEY (tenant_id, bypass_id) REFERENCES app.bypass (tenant_id, bypass_id)
);
SELECT app.isolate('review_issue');
GRANT SELECT, INSERT, UPDATE (claimed_until, number, shown) ON app.review_issue TO breakglass_app;
