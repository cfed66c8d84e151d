// The one reader of the environment in the command line; it is handed on to the processes that are started.
import { join, resolve } from 'node:path'
import type { Environment } from '@articdbm/contract'

export const environment: Environment = process.env

/** The checkout that this file lies in. */
export const HOME = resolve(import.meta.dirname, '../..')

export const DATA_DIRECTORY = resolve(environment.ARTICDBM_DATA_DIR ?? join(HOME, '.articdbm'))
