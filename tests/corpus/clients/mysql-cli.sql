select @@version_comment limit 1
SELECT DATABASE()
show databases
show tables
select USER()
SELECT CURRENT_USER()
SHOW VARIABLES LIKE 'version%'
select @@version, @@hostname, @@port
