import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@articdbm/contract'
import { type Operations, openOperations, readConfig } from '@articdbm/manager/operations'
import { DATA_DIRECTORY, environment } from '../config.ts'
import { runningSettings } from './settings.ts'

/** The operations on the store that the environment names; by default the one of `articdbm up`. */
export async function withOperations<T>(work: (operations: Operations) => Promise<T>): Promise<T> {
  await using operations = openOperations(readConfig(settings()))
  await operations.migrate()
  return await work(operations)
}

/** The environment, over what `articdbm up` runs with. */
export function settings(): Environment {
  const keyFile = join(DATA_DIRECTORY, 'master.key')
  const usesFile = environment.ARTICDBM_MASTER_KEY === undefined && existsSync(keyFile)
  return {
    ARTICDBM_DATA_DIR: DATA_DIRECTORY,
    ...(usesFile && { ARTICDBM_MASTER_KEY_FILE: keyFile }),
    ...runningSettings(),
    ...environment,
  }
}
