-- Trigrams of Chinese names. The extension is a trusted one: the owner of the database may make it;
-- where it is there already (made with the cluster) it stays as it is.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DO $$
BEGIN
  IF show_trgm('预算绩效') = '{}' THEN
    RAISE EXCEPTION '数据库不能按中文检索：应以 UTF8 和 C.UTF-8 建库';
  END IF;
END $$;
