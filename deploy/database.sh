#!/bin/sh
# Runs once, when the database is made: one role owns it and its tables, the service has the other and owns nothing.
# Neither is a superuser, so that row-level security holds for both.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --set owner="$DEDERE_OWNER_PASSWORD" --set password="$DEDERE_DB_PASSWORD" <<SQL
CREATE ROLE dedere_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner';
CREATE ROLE dedere LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE dedere OWNER dedere_owner TEMPLATE template0 ENCODING 'UTF8';
SQL
