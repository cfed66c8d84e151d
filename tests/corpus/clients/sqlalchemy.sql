SELECT DATABASE()
SELECT @@sql_mode
SELECT @@lower_case_table_names
SHOW VARIABLES LIKE 'sql_mode'
SHOW VARIABLES LIKE 'lower_case_table_names'
SELECT @@transaction_isolation
SELECT @@tx_isolation
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ
SELECT CAST('test plain returns' AS CHAR(60)) AS anon_1
SELECT CAST('test unicode returns' AS CHAR(60)) AS anon_1
SELECT CAST('test collated returns' AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin AS anon_1
DESCRIBE `{schema}`.`open_table`
SHOW FULL TABLES FROM `{schema}`
SHOW CREATE TABLE `open_table`
SELECT open_table.id, open_table.name FROM open_table WHERE open_table.id IN (1, 2, 3)
BEGIN
SAVEPOINT sa_savepoint_1
RELEASE SAVEPOINT sa_savepoint_1
ROLLBACK
