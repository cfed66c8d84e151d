// Dialogues that go to the door and to the server itself, so that their answers can be compared.
import { decodeBackend, type FrontendMessage } from '@articdbm/wire/postgres'
import { BACKEND_URL, type TestDoor } from './door.ts'
import { RawClient } from './raw.ts'

/** Its name, what is sent at once, and how many ReadyForQuery end the answer. */
export type Dialogue = readonly [string, readonly FrontendMessage[], number]

export const parse = (
  text: string,
  statement = '',
  parameterTypes: number[] = [],
): FrontendMessage => ({
  kind: 'parse',
  statement,
  text,
  parameterTypes,
})
export const bind = (
  given: { statement?: string; portal?: string; values?: (string | null)[]; format?: number } = {},
): FrontendMessage => ({
  kind: 'bind',
  portal: given.portal ?? '',
  statement: given.statement ?? '',
  parameterFormats: [],
  parameters: (given.values ?? []).map((value) => (value === null ? null : Buffer.from(value))),
  resultFormats: [given.format ?? 0],
})
export const describe = (target: 'statement' | 'portal', name = ''): FrontendMessage => ({
  kind: 'describe',
  target,
  name,
})
export const execute = (portal = '', maxRows = 0): FrontendMessage => ({
  kind: 'execute',
  portal,
  maxRows,
})
export const query = (text: string): FrontendMessage => ({ kind: 'query', text })
export const SYNC: FrontendMessage = { kind: 'sync' }

/** The door's answers, and the server's own. */
export async function both(
  door: TestDoor,
  messages: readonly FrontendMessage[],
  count: number,
): Promise<[Buffer[], Buffer[]]> {
  const [near, far] = await Promise.all([
    RawClient.open(door.url()),
    RawClient.open(BACKEND_URL ?? ''),
  ])
  const answers = await Promise.all(
    [near, far].map(async (client) => {
      client.send(...messages)
      return (await client.answers(count)).map(({ bytes }) => bytes)
    }),
  )
  near.close()
  far.close()
  return [answers[0] ?? [], answers[1] ?? []]
}

/**
 * A syntax error is the verdict's, with the server's SQLSTATE, words and place, and a hint of its own.
 * Where in the server's source an error arose, and what a temporary table is called there, is nobody's business.
 */
export function readable(frames: readonly Buffer[]): unknown[] {
  return frames.map((bytes) => {
    const message = decodeBackend(bytes)
    if (message?.kind === 'errorResponse') {
      if (message.fields.get('C') === '42601')
        return ['C', 'M', 'P'].map((f) => message.fields.get(f))
      return new Map([...message.fields].filter(([field]) => !'FLRs'.includes(field)))
    }
    if (message?.kind === 'rowDescription') {
      return message.fields.map((field) => ({ ...field, tableOid: Math.sign(field.tableOid) }))
    }
    return message ?? bytes.toString('latin1')
  })
}
