-- Once, in the new database, as a superuser: psql -d shop -f init.sql
-- Odoo's role is none, and cannot make what the search of customers stands on.
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
ALTER FUNCTION unaccent(text) IMMUTABLE;
