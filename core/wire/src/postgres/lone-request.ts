// The short way for the requests that most programs send: one of them, whole, in one chunk, of the plainest kind.
import type { Frame } from './frame.ts'
import { FRONTEND } from './message.ts'

export type LoneRequest =
  | { readonly kind: 'query'; readonly text: string; readonly bytes: Buffer }
  /** Bind to the unnamed portal, perhaps Describe of it, Execute of all its rows, Sync. */
  | {
      readonly kind: 'execute'
      /** What is bound, '' for the unnamed statement. */
      readonly statement: string
      /** Of a Parse of the unnamed statement right before. */
      readonly parsed: { readonly text: string; readonly parameterTypes: readonly number[] } | null
      readonly bind: Frame
      /** From behind the Bind to the end. */
      readonly rest: Buffer
      readonly bytes: Buffer
    }

const HEADER_BYTES = 5

/** Undefined for everything else, whole or not, well-formed or not: the long way knows what to make of it. */
export function loneRequest(chunk: Buffer): LoneRequest | undefined {
  const end = frameEnd(chunk, 0)
  if (end < 0) return undefined
  if (chunk[0] === FRONTEND.query) return end === chunk.length ? loneQuery(chunk) : undefined
  if (chunk[0] === FRONTEND.bind) return loneExecute(chunk, 0, null)
  if (chunk[0] !== FRONTEND.parse || chunk[HEADER_BYTES] !== 0) return undefined
  const parsed = unnamedParse(chunk, end)
  return parsed && loneExecute(chunk, end, parsed)
}

/** Where the frame that begins here ends; negative where it isn't whole. */
function frameEnd(chunk: Buffer, start: number): number {
  if (chunk.length - start < HEADER_BYTES) return -1
  const length = chunk.readUInt32BE(start + 1)
  const end = start + 1 + length
  return length >= 4 && end <= chunk.length ? end : -1
}

function loneQuery(chunk: Buffer): LoneRequest | undefined {
  const text = textBetween(chunk, HEADER_BYTES, chunk.length - 1)
  const isEnded = chunk[chunk.length - 1] === 0
  return isEnded && text !== undefined ? { kind: 'query', text, bytes: chunk } : undefined
}

/** Undefined where it holds a zero byte or isn't UTF-8. */
function textBetween(chunk: Buffer, start: number, end: number): string | undefined {
  if (end < start) return undefined
  const text = chunk.toString('utf8', start, end)
  // What isn't UTF-8 was replaced by that sign.
  return text.includes('\0') || text.includes('\ufffd') ? undefined : text
}

/** An empty name, the text, and the parameters' types. */
function unnamedParse(chunk: Buffer, end: number) {
  const textEnd = chunk.indexOf(0, HEADER_BYTES + 1)
  if (textEnd < 0 || textEnd + 3 > end) return undefined
  const count = chunk.readUInt16BE(textEnd + 1)
  if (textEnd + 3 + count * 4 !== end) return undefined
  const text = textBetween(chunk, HEADER_BYTES + 1, textEnd)
  if (text === undefined) return undefined
  const parameterTypes: number[] = []
  for (let at = textEnd + 3; at < end; at += 4) parameterTypes.push(chunk.readUInt32BE(at))
  return { text, parameterTypes }
}

function loneExecute(
  chunk: Buffer,
  start: number,
  parsed: (LoneRequest & { kind: 'execute' })['parsed'],
): LoneRequest | undefined {
  const end = frameEnd(chunk, start)
  if (end < 0 || chunk[start] !== FRONTEND.bind || !isPlainRest(chunk, end)) return undefined
  const bytes = chunk.subarray(start, end)
  const body = bytes.subarray(HEADER_BYTES)
  const nameEnd = body.indexOf(0, 1)
  if (body[0] !== 0 || nameEnd < 0 || !isWholeBind(body, nameEnd + 1)) return undefined
  const statement = textBetween(body, 1, nameEnd)
  if (statement === undefined || (parsed && statement !== '')) return undefined
  const bind = { code: FRONTEND.bind, bytes, body }
  return { kind: 'execute', statement, parsed, bind, rest: chunk.subarray(end), bytes: chunk }
}

/** Formats, values, formats of the results, and nothing behind them: a malformed one must not reach a shared backend. */
function isWholeBind(body: Buffer, start: number): boolean {
  let at = afterFormats(body, start)
  if (at < 0 || at + 2 > body.length) return false
  let values = body.readUInt16BE(at)
  for (at += 2; values > 0; values -= 1) {
    if (at + 4 > body.length) return false
    const length = body.readInt32BE(at)
    if (length < -1) return false
    at += 4 + Math.max(0, length)
  }
  return afterFormats(body, at) === body.length
}

function afterFormats(body: Buffer, at: number): number {
  return at + 2 > body.length ? -1 : at + 2 + body.readUInt16BE(at) * 2
}

const DESCRIBE_PORTAL = Buffer.from([FRONTEND.describe, 0, 0, 0, 6, 0x50, 0])
const EXECUTE_ALL = Buffer.from([FRONTEND.execute, 0, 0, 0, 9, 0, 0, 0, 0, 0])
const SYNC = Buffer.from([FRONTEND.sync, 0, 0, 0, 4])
const SHORT_REST = Buffer.concat([EXECUTE_ALL, SYNC])
const LONG_REST = Buffer.concat([DESCRIBE_PORTAL, SHORT_REST])

function isPlainRest(chunk: Buffer, start: number): boolean {
  const length = chunk.length - start
  const expected = length === SHORT_REST.length ? SHORT_REST : LONG_REST
  return length === expected.length && expected.compare(chunk, start) === 0
}
