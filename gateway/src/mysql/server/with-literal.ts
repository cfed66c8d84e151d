// What only the server knows, though it has to be judged: dumps end with SET sql_mode = @old_sql_mode, migrations say
// PREPARE p FROM @text. The value is asked for by a statement of its own, and then said as the literal that it is: judged,
// recorded and executed so.
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

/** The same with a literal; undefined: the text does nothing of the kind, and is judged as it is. */
export async function withLiteral(
  text: string,
  executor: ServerExecutor,
): Promise<string | undefined> {
  if (PREPARES_VARIABLE.test(text)) return preparing(text, executor)
  return MAY_BE_SET.test(text) ? setting(text, executor) : undefined
}

const PREPARES_VARIABLE =
  /^\s*(?:prepare\s+(?:\w+|`[^`]+`)\s+from|execute\s+immediate)\s+(@[\w.$]+)(?![\w.$(])/i

/** What stands behind the variable stays: the whole is judged again. NULL is no text. */
async function preparing(text: string, executor: ServerExecutor): Promise<string | undefined> {
  const [head = '', variable = ''] = PREPARES_VARIABLE.exec(text) ?? []
  const value = await ask(`SELECT ${variable}`, executor)
  if (value === null) return undefined
  const literal = `'${value.replace(/[\\']/g, '\\$&')}'`
  return head.slice(0, -variable.length) + literal + text.slice(head.length)
}

async function setting(text: string, executor: ServerExecutor): Promise<string | undefined> {
  const { session } = executor
  const judged = session.gateway.admission.judge(executor.subject(text), session.facts)
  const computed = computedSetting(judged.statements)
  if (!computed) return undefined
  const value = await askedValue(computed, executor)
  if (value === null) return `SET ${computed.name} = NULL`
  return PLAIN_VALUE.test(value) ? `SET ${computed.name} = '${value}'` : undefined
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

/** The column count, one definition, EOF, the row. */
async function ask(text: string, executor: ServerExecutor): Promise<string | null> {
  const [, , , row] = await askAside(text, executor)
  const value = row && decodeTextRow(row, 1)[0]
  return value ? executor.session.readText(value) : null
}

/** Judged, recorded and executed for this session as any statement; gives the payloads of its answer. Throws BackendRefusal. */
export async function askAside(text: string, executor: ServerExecutor): Promise<readonly Buffer[]> {
  const admitted = await executor.admit(text)
  let collection: Collection | undefined
  await executor.onBackend(admitted, async (connection) => {
    collection = await connection.collect({ kind: 'query', text: Buffer.from(text) }, 'results')
    if (!collection.answer) throw new Error('a collection without its answer')
    endTickets(admitted.tickets, collection.answer)
    return collection.answer
  })
  const payloads = collection?.payloads() ?? []
  if (payloads[0]?.[0] === MARKER.error) throw new BackendRefusal(payloads[0])
  return payloads
}
