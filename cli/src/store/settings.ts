// What `articdbm up` runs with, for the other commands to find the doors.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATA_DIRECTORY } from '../config.ts'

const FILE = join(DATA_DIRECTORY, 'running.json')
const SHARED = ['GATEWAY_POSTGRES_DOOR', 'GATEWAY_MYSQL_DOOR', 'GATEWAY_CA_FILE'] as const

export type RunningSettings = Readonly<Record<string, string>>

export function keepSettings(settings: RunningSettings): void {
  const shared = Object.fromEntries(SHARED.map((name) => [name, settings[name] ?? '']))
  writeFileSync(FILE, JSON.stringify(shared), { mode: 0o600 })
}

export function forgetSettings(): void {
  rmSync(FILE, { force: true })
}

/** Nothing when `up` isn't running: then the environment says where the doors are. */
export function runningSettings(): RunningSettings {
  try {
    const read: unknown = JSON.parse(readFileSync(FILE, 'utf8'))
    const entries = Object.entries(read ?? {}).filter(([, value]) => typeof value === 'string')
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}
