#!/bin/sh
# Runs once, when the database is made: a database for Dedere whose owner is no superuser, so that row-level
# security holds for it.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --set password="$DEDERE_DB_PASSWORD" <<SQL
CREATE ROLE dedere LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE dedere OWNER dedere TEMPLATE template0 ENCODING 'UTF8';
SQL
