import type { FunctionCall } from '../statement.ts'
import { DANGEROUS_FUNCTIONS, SAFE_FUNCTIONS, WRITING_FUNCTIONS } from './functions.ts'

type Danger = FunctionCall['danger']

const BUILT_IN: ReadonlyMap<string, Danger> = new Map([
  ...entries(SAFE_FUNCTIONS, 'safe'),
  ...entries(WRITING_FUNCTIONS, 'write'),
  ...entries(DANGEROUS_FUNCTIONS, 'danger'),
])

function entries(names: string, danger: Danger): readonly (readonly [string, Danger])[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, danger] as const)
}

// Extensions that ship with PostgreSQL and leave the database: other servers, files, programs.
const OUTSIDE = /^(?:dblink|pg_file_|pg_logdir_ls|postgres_fdw_|xp_|sys_(?:exec|eval))/

/** An unqualified name means the built-in function: pg_catalog comes first in every search_path. */
export function dangerOf(schema: string | undefined, name: string): Danger {
  if (OUTSIDE.test(name)) return 'danger'
  if (schema === 'information_schema' && name.startsWith('_pg_')) return 'safe'
  if (schema !== undefined && schema !== 'pg_catalog') return 'unknown'
  return BUILT_IN.get(name) ?? 'unknown'
}
