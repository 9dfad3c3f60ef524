DROP TRIGGER upload_guard ON performance_takentable;
DROP TRIGGER upload_guard ON performance_upload;
DROP FUNCTION performance_upload_guard();
DROP POLICY separation ON performance_takentable;
DROP POLICY separation ON performance_upload;
ALTER TABLE performance_takentable
  DROP CONSTRAINT taken_table_unit_same_department,
  DROP CONSTRAINT taken_table_upload_same_department,
  DROP CONSTRAINT taken_table_target_table_same_department,
  DROP CONSTRAINT taken_table_evaluation_same_department;
ALTER TABLE performance_upload DROP CONSTRAINT upload_unit_same_department;
