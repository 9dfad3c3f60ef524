DROP TRIGGER spot_check_guard ON performance_spotcheckitem;
DROP FUNCTION performance_spot_check_guard();
DROP POLICY separation ON performance_spotcheck;
DROP POLICY separation ON performance_spotcheckitem;
