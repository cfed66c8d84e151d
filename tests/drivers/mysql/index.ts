// Suites of MySQL's drivers.
import type { Suite } from '../suite.ts'
import { GO_SQL_DRIVER } from './go.ts'
import { MYSQL2, MYSQLJS } from './node.ts'

export const MYSQL_SUITES: readonly Suite[] = [MYSQL2, MYSQLJS, GO_SQL_DRIVER]
