#!/bin/sh
# Runs once, when the database is made: one role owns it and its tables, the service has the other and owns nothing.
# Neither is a superuser, so that row-level security holds for both, and nobody else may even connect.
# DEDERE_NAME names the database and the service's role (dedere unless given), with _owner behind it the owner; the
# server is found as psql finds it (PGHOST, PGUSER). Passwords come from the environment: an argument shows in ps.
set -eu
: "${DEDERE_OWNER_PASSWORD:?}" "${DEDERE_DB_PASSWORD:?}"
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${PGUSER:-postgres}" --dbname postgres \
  --set name="${DEDERE_NAME:-dedere}" --set owner="${DEDERE_NAME:-dedere}_owner" <<'SQL'
\getenv owner_password DEDERE_OWNER_PASSWORD
\getenv password DEDERE_DB_PASSWORD
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
\connect :"name"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
