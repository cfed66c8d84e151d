// SET of what decides how texts are read, to what only the server knows: dumps end with SET sql_mode = @old_sql_mode. The
// value is asked for by a statement of its own, and then set, judged and recorded as the plain one that it is.
import type { SessionEffect, Statement } from '@articdbm/sql'
import { decodeTextRow, MARKER } from '@articdbm/wire/mysql'
import type { Collection } from '../backend/collection.ts'
import { BackendRefusal } from '../faults.ts'
import type { ServerExecutor } from './executor.ts'
import { endTickets } from './relay.ts'

type Setting = Extract<SessionEffect, { kind: 'set' }>

const MAY_BE_SET = /^[^'"`]{0,40}set\s/i
/** Servers take empty modes, too: REPLACE leaves them. */
const PLAIN_VALUE = /^(?!\d)[\w,]*$/

/** The same with a plain value; undefined: the text does nothing of the kind, and is judged as it is. */
export async function withPlainValue(
  text: string,
  executor: ServerExecutor,
): Promise<string | undefined> {
  if (!MAY_BE_SET.test(text)) return undefined
  const { session } = executor
  const judged = session.gateway.admission.judge(executor.subject(text), session.facts)
  const setting = computedSetting(judged.statements)
  if (!setting) return undefined
  const value = await askedValue(setting, executor)
  if (value === null) return `SET ${setting.name} = NULL`
  return PLAIN_VALUE.test(value) ? `SET ${setting.name} = '${value}'` : undefined
}

/** Where it is all that the text does. */
function computedSetting(
  statements: readonly Statement[],
): (Setting & { readonly computed: string }) | undefined {
  const [statement, another] = statements
  if (!statement?.isComplete || another || statement.kind !== 'set') return undefined
  const effect = statement.session.find(({ kind }) => kind === 'set')
  if (effect?.kind !== 'set' || effect.scope !== 'session') return undefined
  const { computed } = effect
  if (computed === undefined || !isAllOf(statement.text, computed)) return undefined
  return { ...effect, computed }
}

const BEFORE =
  /^(?:\/\*!\d{5}\s*)?set\s+(?:(?:session|local)\s+|@@(?:(?:session|local)\.)?)?\w+\s*:?=\s*$/i
const BEHIND = /^\s*(?:\*\/)?\s*$/

function isAllOf(text: string, computed: string): boolean {
  const at = text.indexOf(computed)
  return BEFORE.test(text.slice(0, at)) && BEHIND.test(text.slice(at + computed.length))
}

function askedValue(
  { name, computed }: { readonly name: string; readonly computed: string },
  executor: ServerExecutor,
): Promise<string | null> {
  const isDefault = name === 'sql_mode' && computed.toLowerCase() === 'default'
  return isDefault
    ? executor.onAnyBackend(({ freshModes }) => Promise.resolve(freshModes))
    : ask(`SELECT ${computed}`, executor)
}

async function ask(text: string, executor: ServerExecutor): Promise<string | null> {
  const admitted = await executor.admit(text)
  let collection: Collection | undefined
  await executor.onBackend(admitted, async (connection) => {
    collection = await connection.collect({ kind: 'query', text: Buffer.from(text) }, 'results')
    if (!collection.answer) throw new Error('a collection without its answer')
    endTickets(admitted.tickets, collection.answer)
    return collection.answer
  })
  // The column count, one definition, EOF, the row.
  const [first, , , row] = collection?.payloads() ?? []
  if (first?.[0] === MARKER.error) throw new BackendRefusal(first)
  return row ? (decodeTextRow(row, 1)[0]?.toString('utf8') ?? null) : null
}
