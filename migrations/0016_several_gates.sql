-- The gates that a bypass opens, where they are several; NULL is the one in `gate`. The version before
-- finds no such bypass under any of them, and enforces.
ALTER TABLE app.bypass ADD COLUMN gates text[] CHECK (cardinality(gates) > 1);
-- Few are open at a time, however many have closed.
CREATE INDEX bypass_several ON app.bypass (tenant_id) WHERE phase = 'active' AND gates IS NOT NULL;
