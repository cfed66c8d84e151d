// tables: what the application's database holds.

/** What an attacker is after. It stands in a table that no page reads. */
export const SECRET = 'Zq7xKw93'

export const TABLES: readonly string[] = [
  'CREATE TABLE customers (id int PRIMARY KEY, name varchar(100), city varchar(100))',
  'CREATE TABLE orders (id int PRIMARY KEY, status varchar(20), total int)',
  'CREATE TABLE baskets (token varchar(40), item varchar(40), amount int)',
  'CREATE TABLE visits (id int PRIMARY KEY, address varchar(60), page varchar(60))',
  'CREATE TABLE comments (author varchar(100), text varchar(400))',
  'CREATE TABLE profiles (id int PRIMARY KEY, bio varchar(400))',
  'CREATE TABLE people (id int PRIMARY KEY, name varchar(40), password varchar(40))',
  'CREATE TABLE vault (id int PRIMARY KEY, secret varchar(40))',
  `INSERT INTO customers VALUES (1, 'Grace', 'Union City'), (2, 'Edsger', 'Rotterdam'),
    (3, 'O''Brien', 'Sleepy Hollow'), (4, 'Select & Sons', 'Or'), (5, '100% Wool', 'Paris'),
    (6, 'Drop Table Tennis', 'Paris'), (7, 'Ann -- Lee', 'Where; Yorkshire')`,
  "INSERT INTO orders VALUES (1, 'open', 10), (2, 'paid', 20), (3, 'open', 30), (4, 'sent', 5)",
  "INSERT INTO baskets VALUES ('c2Vzc2lvbg', 'pencil', 3)",
  "INSERT INTO visits VALUES (1, '192.0.2.7', 'home'), (2, '192.0.2.7', 'prices')",
  "INSERT INTO profiles VALUES (1, ''), (2, 'nothing')",
  "INSERT INTO people VALUES (1, 'grace', 'cobol 1959')",
  `INSERT INTO vault VALUES (1, '${SECRET}')`,
]
