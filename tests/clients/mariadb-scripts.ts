// What people type into the mysql client. Each script cleans up, so that it can be run again.
// Statistics are kept as they were at creation: SHOW INDEX prints a cardinality that a thread of the server would change at its own time.

const TYPES = String.raw`
DROP TABLE IF EXISTS typed;
CREATE TABLE typed (id INT AUTO_INCREMENT PRIMARY KEY, b BOOLEAN, t TINYINT UNSIGNED, big BIGINT, n DECIMAL(20,6),
  f FLOAT, d DOUBLE, v VARCHAR(20), c CHAR(4), raw VARBINARY(8), txt TEXT, day DATE, at DATETIME(6), ts TIMESTAMP NULL,
  tm TIME(3), y YEAR, e ENUM('a','b'), s SET('x','y'), bits BIT(10), j JSON) CHARACTER SET utf8mb4 STATS_PERSISTENT=1 STATS_AUTO_RECALC=0;
INSERT INTO typed (b) VALUES (NULL);
INSERT INTO typed (b, t, big, n, f, d, v, c) VALUES (TRUE, 255, -9223372036854775808, 12345678901234.567891, 1.5, 1e300, 'é漢🙂', 'ab');
INSERT INTO typed (raw, txt, day, at, tm, y, e, s, j) VALUES (X'414243', 'tab\there', '0000-00-00', '2026-01-01 00:00:00.123456', '-838:59:59.000', 1901, 'b', 'x,y', '{"k": [1, null]}');
INSERT INTO typed (day, at, tm) VALUES ('2026-02-28', '2026-01-01 00:00:00.123456', '-838:59:59.000');
SELECT * FROM typed ORDER BY id;
SELECT id, bits + 0, HEX(raw), v LIKE '%漢%' FROM typed ORDER BY id;
SELECT COUNT(*), COUNT(b), MAX(n), AVG(d), GROUP_CONCAT(id ORDER BY id) FROM typed;
UPDATE typed SET v = UPPER(v) WHERE v IS NOT NULL;
SELECT ROW_COUNT();
DELETE FROM typed WHERE day IS NULL;
SELECT id, LAG(day) OVER (ORDER BY id) AS before_it FROM typed;
SHOW CREATE TABLE typed;
DESCRIBE typed;
SHOW INDEX FROM typed;
SHOW TABLES;
DROP TABLE typed;
`

const TRANSACTIONS = `
DROP TABLE IF EXISTS kept;
CREATE TABLE kept (id INT PRIMARY KEY, note VARCHAR(5) NOT NULL);
BEGIN;
INSERT INTO kept VALUES (1, 'one');
SAVEPOINT a;
INSERT INTO kept VALUES (1, 'again');
INSERT INTO kept VALUES (2, NULL);
INSERT INTO kept VALUES (3, 'much too long');
ROLLBACK TO a;
SELECT * FROM kept;
COMMIT;
BEGIN; DELETE FROM kept; SELECT COUNT(*) FROM kept; ROLLBACK;
SELECT COUNT(*) FROM kept;
SELECT nothing FROM kept;
SELECT * FROM nowhere_at_all;
SELECT CAST('1x' AS SIGNED), 1/0;
SHOW WARNINGS;
SET @x = 41; SELECT @x + 1 AS next, @never;
SELECT "id" FROM kept;
SET time_zone = '+05:30'; SELECT FROM_UNIXTIME(0); SET time_zone = DEFAULT;
PREPARE p FROM 'SELECT ? + 1 AS next'; SET @a = 41; EXECUTE p USING @a; DEALLOCATE PREPARE p;
SELECT DATABASE(), @@autocommit;
SHOW STATUS LIKE 'Com_nothing';
SHOW VARIABLES LIKE 'character_set_client';
EXPLAIN SELECT * FROM kept WHERE id = 1;
INSERT INTO kept VALUES (9, 'x') ON DUPLICATE KEY UPDATE note = 'y';
REPLACE INTO kept VALUES (9, 'z');
SELECT * FROM kept ORDER BY id;
DELIMITER //
SELECT 1; SELECT 2//
DELIMITER ;
DROP TABLE kept;
`

export const MYSQL_SCRIPTS: Readonly<Record<string, string>> = {
  'types and nulls': TYPES,
  'transactions, errors and settings': TRANSACTIONS,
}
