SELECT 1
SELECT @@version, @@GLOBAL.version
SELECT @@max_allowed_packet, @@wait_timeout, @@socket
SET NAMES utf8mb4
SELECT DISTINCT BINARY table_info.table_name AS table_name FROM information_schema.tables AS table_info JOIN information_schema.columns AS column_info ON BINARY column_info.table_name = BINARY table_info.table_name WHERE table_info.table_schema = '{schema}' AND column_info.table_schema = '{schema}' AND table_info.table_type = 'BASE TABLE' ORDER BY BINARY table_info.table_name
SELECT column_name column_name, data_type data_type, column_type full_data_type, character_maximum_length character_maximum_length, numeric_precision numeric_precision, numeric_scale numeric_scale, datetime_precision datetime_precision, column_default column_default, is_nullable is_nullable, extra extra, table_name table_name, IF(column_comment = '', NULL, column_comment) AS column_comment FROM information_schema.columns WHERE table_schema = '{schema}' ORDER BY ordinal_position
SELECT `{schema}`.`open_table`.`id`, `{schema}`.`open_table`.`name` FROM `{schema}`.`open_table` WHERE `{schema}`.`open_table`.`id` = 1 LIMIT 1 OFFSET 0
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
BEGIN
SELECT COUNT(*) FROM (SELECT `{schema}`.`open_table`.`id` FROM `{schema}`.`open_table` WHERE 1=1 ORDER BY `{schema}`.`open_table`.`id` ASC LIMIT 18446744073709551615 OFFSET 0) AS `sub`
ROLLBACK
