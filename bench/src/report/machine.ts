// What it was measured on, without saying where.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

const PROGRAMS = [
  ['PostgreSQL and pgbench', 'pgbench', '--version'],
  ['MariaDB', 'mariadbd', '--version'],
  ['PgBouncer', 'pgbouncer', '--version'],
  ['Pgpool-II', 'pgpool', '--version'],
  ['HAProxy', 'haproxy', '-v'],
  ['sysbench', 'sysbench', '--version'],
] as const

export interface Machine {
  readonly hardware: string
  readonly system: string
  readonly versions: Readonly<Record<string, string>>
}

export function describeMachine(): Machine {
  const [first, ...others] = cpus()
  return {
    hardware: `${others.length + 1} cores (${first?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    system: systemName(),
    versions: { Node: process.versions.node, ...Object.fromEntries(PROGRAMS.map(versionOf)) },
  }
}

function versionOf([name, file, flag]: (typeof PROGRAMS)[number]): readonly [string, string] {
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const { stdout, stderr } = spawnSync(file, [flag], { encoding: 'utf8', env })
  return [name, `${stdout}${stderr}`.match(/\d+(?:\.\d+)+/)?.[0] ?? 'unknown']
}

function systemName(): string {
  try {
    const release = readFileSync('/etc/os-release', 'utf8')
    return release.match(/^PRETTY_NAME="?([^"\n]+)/m)?.[1] ?? 'Linux'
  } catch {
    return 'Linux'
  }
}
