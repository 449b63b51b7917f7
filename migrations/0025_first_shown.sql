-- When a card first stood where it is to stand: a drill reports how long it took. Cards that the version
-- before posted have none.
ALTER TABLE app.surface ADD COLUMN first_shown_at timestamptz;
