#!/bin/sh
# Run once by the image of PostgreSQL, as its superuser, when the database is new. The service's own user
# is no superuser and may make no roles: it owns its database, migrates it, and serves as one of two
# roles that cannot change an entry of the log (docs/operations.md, "A database of your own").
set -eu
password=$(cat "${PASSWORD_FILE:-/run/secrets/breakglass-password}")
# By standard input: arguments of a process can be read by others.
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<END
\set password '$password'
CREATE ROLE breakglass_app NOLOGIN NOINHERIT;
CREATE ROLE breakglass_jobs NOLOGIN NOINHERIT;
CREATE ROLE breakglass LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'password';
GRANT breakglass_app, breakglass_jobs TO breakglass WITH INHERIT FALSE, SET TRUE;
CREATE DATABASE breakglass OWNER breakglass;
REVOKE ALL ON DATABASE breakglass FROM PUBLIC;
END
