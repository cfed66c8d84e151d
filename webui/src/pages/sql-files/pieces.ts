// A file cut into its statements, so that nothing of its text is lost to who approves it.
import type { SqlFileCheck } from '@articdbm/contract'
import type { Span } from '../../components/spans.ts'

export interface Piece {
  readonly check: SqlFileCheck
  /** The statement with the comments before it, without empty lines around. */
  readonly text: string
  /** Of its first line in the file, from 1. */
  readonly line: number
  /** Of `text`: where what is refused, or alerts, stands. */
  readonly spans: readonly Span[]
}

/** What ends a statement, to the end of its line. */
const ENDING = /^[^;]*;[ \t]*(?:--[^\n]*)?\r?\n?/

/** One piece a check, in order; together they are all of the text but empty lines. */
export function piecesOf(text: string, checks: readonly SqlFileCheck[]): readonly Piece[] {
  const starts = lineStarts(text)
  let from = 0
  let line = 1
  return checks.map((check, index) => {
    const next = checks[index + 1]
    const until = next ? endOf(text, check.end, next.start) : text.length
    const start = from + (/^(?:[ \t]*\r?\n)*/.exec(text.slice(from, until))?.[0].length ?? 0)
    while ((starts[line] ?? Number.POSITIVE_INFINITY) <= start) line += 1
    from = until
    const spans = markOf(text, check, starts).map((span) => ({
      start: span.start - start,
      end: span.end - start,
    }))
    return { check, text: text.slice(start, until).trimEnd(), line, spans }
  })
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function endOf(text: string, end: number, nextStart: number): number {
  const ending = ENDING.exec(text.slice(end, nextStart))
  return end + (ending?.[0].length ?? 0)
}

/** The word of the mistake, or all of a statement that is refused as a whole. */
function markOf(text: string, check: SqlFileCheck, starts: readonly number[]): readonly Span[] {
  if (check.action === 'allow') return []
  const at = (starts[check.line - 1] ?? 0) + check.column - 1
  const word = at > check.start ? /^(?:[\w$]+|[^\s\w])/u.exec(text.slice(at, at + 200)) : null
  if (!word) return [{ start: check.start, end: check.end }]
  return [{ start: at, end: at + word[0].length }]
}
