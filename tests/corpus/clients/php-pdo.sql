SET NAMES utf8mb4
SET NAMES 'utf8mb4' COLLATE 'utf8mb4_unicode_ci'
SET SESSION sql_mode='ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'
SET time_zone='+00:00'
SET autocommit=0
START TRANSACTION
SELECT * FROM `open_table` WHERE `id` = 1 LIMIT 1
COMMIT
SET autocommit=1
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED
SELECT LAST_INSERT_ID()
SELECT TABLE_NAME AS `name`, (DATA_LENGTH + INDEX_LENGTH) AS `size`, TABLE_COMMENT AS `comment`, ENGINE AS `engine`, TABLE_COLLATION AS `collation` FROM information_schema.tables WHERE table_schema = '{schema}' AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY table_name
SELECT column_name AS `name`, data_type AS `type_name`, column_type AS `type`, collation_name AS `collation`, is_nullable AS `nullable`, column_default AS `default`, column_comment AS `comment`, extra AS `extra` FROM information_schema.columns WHERE table_schema = '{schema}' AND table_name = 'open_table' ORDER BY ordinal_position ASC
SELECT EXISTS(SELECT * FROM `open_table`) AS `exists`
SELECT COUNT(*) AS aggregate FROM `open_table`
