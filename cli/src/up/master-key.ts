import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '../config.ts'

const KEY_BYTES = 32

/** The file of the master key; a new key on the first start. Who has the key can open every sealed secret. */
export function ensureMasterKey(directory: string): string {
  const path = environment.ARTICDBM_MASTER_KEY_FILE ?? join(directory, 'master.key')
  if (existsSync(path)) return path
  writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600 })
  return path
}
