DROP FUNCTION performance_units_asked(bigint);
DROP POLICY separation ON performance_taskdeadline;
