-- What others made is theirs to drop.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm' AND extowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)) THEN
    DROP EXTENSION pg_trgm;
  END IF;
END $$;
