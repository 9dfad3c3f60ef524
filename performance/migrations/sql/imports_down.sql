DROP TRIGGER upload_guard ON performance_takentable;
DROP TRIGGER upload_guard ON performance_upload;
DROP FUNCTION performance_upload_guard();
DROP POLICY separation ON performance_takentable;
DROP POLICY separation ON performance_upload;
