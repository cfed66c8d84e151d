/* ApplicationName=DBeaver 24.0.0 - Main */ SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ
/* ApplicationName=DBeaver 24.0.0 - Main */ SET autocommit=1
/* ApplicationName=DBeaver 24.0.0 - Main */ SET SQL_SELECT_LIMIT=200
/* ApplicationName=DBeaver 24.0.0 - Main */ SET SQL_SELECT_LIMIT=DEFAULT
SELECT DATABASE()
SELECT @@GLOBAL.character_set_server,@@GLOBAL.collation_server
SHOW VARIABLES LIKE 'lower_case_%'
SHOW ENGINES
SHOW CHARSET
SHOW COLLATION
SHOW DATABASES
SELECT * FROM information_schema.SCHEMATA
SELECT * FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = '{schema}' ORDER BY t.TABLE_NAME
SELECT * FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = '{schema}' AND c.TABLE_NAME = 'open_table' ORDER BY c.ORDINAL_POSITION
SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA='{schema}' AND TABLE_NAME='open_table'
SELECT cc.CONSTRAINT_NAME, cc.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS cc WHERE cc.CONSTRAINT_SCHEMA='{schema}'
SELECT * FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA='{schema}' AND REFERENCED_TABLE_NAME IS NOT NULL
SHOW CREATE TABLE `{schema}`.`open_table`
SHOW FULL COLUMNS FROM `{schema}`.`open_table`
SELECT x.* FROM `{schema}`.`open_table` x LIMIT 0, 200
