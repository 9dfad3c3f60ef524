DROP POLICY separation ON performance_examination;
ALTER TABLE performance_examination DISABLE ROW LEVEL SECURITY;
DROP TRIGGER audit_row ON performance_examination;
ALTER TABLE performance_examination DROP CONSTRAINT examination_unit_same_department;
DROP TRIGGER examination_guard ON performance_examination;
DROP FUNCTION performance_examination_guard();
ALTER TABLE performance_finding DROP COLUMN field, DROP COLUMN aspect, DROP COLUMN basis;
