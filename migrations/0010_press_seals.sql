-- A stored press is signed by the job in its presser's name, so a row that somebody wrote with the
-- database in hand must not pass for one. The service seals each press under BREAKGLASS_KEK; one
-- without a seal, those that the version before stored among them, changes nothing, and its presser
-- is told to press again.
ALTER TABLE app.press ADD COLUMN seal text;
