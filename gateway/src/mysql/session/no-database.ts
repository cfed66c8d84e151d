// A session that named no database yet: it may choose one, end its own statements elsewhere, and ask for constants.

import { analyze, type Statement } from '@articdbm/sql'
import { encodingNamed } from '@articdbm/wire/mysql'
import { settingOf } from '../backend/settings.ts'
import { DatabaseExists, NoDatabaseSelected } from '../faults.ts'
import type { Reply } from '../reply.ts'
import { type Constant, constantOf, encodeConstant, likePattern, shortText } from './constants.ts'

export interface Chooser {
  readonly connectionId: number
  readonly user: string
  readonly version: string
  /** Names of those that may be chosen. */
  readonly databases: readonly string[]
  /** What was set so far, as it was written: it waits for a database. */
  readonly settings: string[]
  use(database: string): Promise<void>
  kill(connectionId: number, isQueryOnly: boolean): Promise<void>
}

export async function answerWithoutDatabase(
  text: string,
  reply: Reply,
  chooser: Chooser,
): Promise<void> {
  const constant = constantWithout(text, chooser) ?? shownDatabases(text, chooser)
  if (constant) return reply.send(encodeConstant(constant))
  const { statements, isComplete } = analyze(text, 'mysql')
  const [statement] = statements
  if (isComplete && statements.length === 1 && statement?.kind === 'create database') {
    return foundDatabase(statement, reply, chooser)
  }
  if (isComplete && statements.length === 1 && statement && keeps(statement, chooser)) {
    return reply.ok()
  }
  const [effect, another] = statements.flatMap(({ session }) => session)
  if (!effect || another || !isComplete || statements.length !== 1) throw new NoDatabaseSelected()
  switch (effect.kind) {
    case 'use':
      await chooser.use(effect.database)
      break
    case 'kill':
      if (effect.target === undefined) throw new NoDatabaseSelected()
      await chooser.kill(effect.target, effect.isQueryOnly)
      break
    case 'set':
      acceptSetting(effect)
      break
    default:
      throw new NoDatabaseSelected()
  }
  await reply.ok()
}

/** Where there is one database only, its server answers. */
function shownDatabases(text: string, { databases }: Chooser): Constant | undefined {
  const shown = /^show\s+(?:databases|schemas)(?:\s+like\s+'([^'\\]*)')?$/i.exec(
    shortText(text) ?? '',
  )
  if (!shown || databases.length === 1) return undefined
  const isWanted = likePattern(shown[1] ?? '%')
  const rows = databases.filter((name) => isWanted.test(name)).map((name) => [name])
  return { names: [shown[1] === undefined ? 'Database' : `Database (${shown[1]})`], rows }
}

const MAX_SETTINGS = 32
const MAX_SETTING_LENGTH = 1_024

/** Plain settings are judged and set with the database that is chosen, before anything else. */
function keeps(statement: Statement, { databases, settings }: Chooser): boolean {
  const { kind, session, text } = statement
  const isPlain = kind === 'set' && session.length > 0 && session.every(settingOf)
  if (!isPlain || databases.length < 2) return false
  if (settings.length === MAX_SETTINGS || text.length > MAX_SETTING_LENGTH) return false
  settings.push(text)
  return true
}

/** What set-up scripts begin with: creates nothing, but says of a database that it is there already. */
async function foundDatabase(
  { relations, normalized }: Statement,
  reply: Reply,
  chooser: Chooser,
): Promise<void> {
  const name = relations[0]?.schema
  const isOpen = chooser.databases.some((one) => one.toLowerCase() === name?.toLowerCase())
  if (name === undefined || !isOpen) throw new NoDatabaseSelected()
  if (!CREATES_WHAT_IS_MISSING.test(normalized)) throw new DatabaseExists(name)
  await reply.ok({ warnings: 1 })
}

const CREATES_WHAT_IS_MISSING = /^create (?:database|schema) if not exists /

/** Pools ask `SELECT 1`, too. */
function constantWithout(text: string, chooser: Chooser): Constant | undefined {
  const short = shortText(text) ?? ''
  const literal = /^select\s+(\d{1,18})$/i.exec(short)?.[1]
  if (literal !== undefined) return { names: [literal], rows: [[literal]], numeric: [true] }
  return constantOf(short, { ...chooser, database: undefined })
}

/** What drivers set when they connect, and what a session without a database has no server for. */
function acceptSetting({
  name,
  value,
}: {
  readonly name: string
  readonly value: string | undefined
}): void {
  if (name === 'autocommit' && value === '1') return
  if (name === 'names' && value !== undefined && encodingNamed(value) === 'utf8') return
  throw new NoDatabaseSelected()
}
