// Suites of PostgreSQL's drivers.
import type { Suite } from '../suite.ts'
import { ASYNCPG } from './asyncpg.ts'
import { DBD_PG } from './dbd-pg.ts'
import { LIB_PQ, PGX_V4 } from './go.ts'
import { NODE_POSTGRES, PG_POOL } from './node-postgres.ts'
import { PG_CURSOR } from './pg-cursor.ts'
import { PSYCOPG2 } from './psycopg2.ts'

export const POSTGRES_SUITES: readonly Suite[] = [
  ...[NODE_POSTGRES, PG_POOL, PG_CURSOR],
  ...[PSYCOPG2, ASYNCPG],
  ...[LIB_PQ, PGX_V4],
  DBD_PG,
]
