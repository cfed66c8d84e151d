/* mysql-connector-j-8.3.0 (Revision: 05a1) */SELECT @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@character_set_connection AS character_set_connection, @@character_set_results AS character_set_results, @@character_set_server AS character_set_server, @@collation_server AS collation_server, @@collation_connection AS collation_connection, @@init_connect AS init_connect, @@interactive_timeout AS interactive_timeout, @@license AS license, @@lower_case_table_names AS lower_case_table_names, @@max_allowed_packet AS max_allowed_packet, @@net_write_timeout AS net_write_timeout, @@performance_schema AS performance_schema, @@sql_mode AS sql_mode, @@system_time_zone AS system_time_zone, @@time_zone AS time_zone, @@transaction_isolation AS transaction_isolation, @@wait_timeout AS wait_timeout
SET character_set_results = NULL
SET character_set_results = utf8mb4
SET NAMES utf8mb4
SET autocommit=1
SET sql_mode='STRICT_TRANS_TABLES'
SELECT @@session.transaction_read_only
SELECT @@session.transaction_isolation
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED
SET SESSION TRANSACTION READ ONLY
SET SESSION TRANSACTION READ WRITE
SET autocommit=0
commit
rollback
SET autocommit=1
SHOW FULL TABLES FROM `{schema}` LIKE '%'
SHOW FULL COLUMNS FROM `open_table` FROM `{schema}`
SHOW INDEX FROM `open_table`
SHOW WARNINGS
SELECT DATABASE()
SELECT 1
/* ping */ SELECT 1
