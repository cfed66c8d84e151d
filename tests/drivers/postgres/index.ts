// Suites of PostgreSQL's drivers.
import type { Suite } from '../suite.ts'
import { DBD_PG } from './dbd-pg.ts'
import { PG_CURSOR } from './pg-cursor.ts'
import { PSYCOPG2 } from './psycopg2.ts'

export const POSTGRES_SUITES: readonly Suite[] = [PG_CURSOR, PSYCOPG2, DBD_PG]
