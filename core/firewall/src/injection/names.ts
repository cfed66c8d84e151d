import type { Finding } from '@articdbm/contract'
import type { Analysis, Token } from '@articdbm/sql'

/** What the attacker takes for a string is a name to PostgreSQL, where it stands in double quotes: names that read like SQL. */
export function findNames({ tokens, text }: Analysis): readonly Finding[] {
  const quoted = tokens.filter(
    ({ kind, start, end }) => kind === 'quoted' && end - start >= MIN_LENGTH,
  )
  return quoted.flatMap((token) => {
    const confidence = weigh(text.slice(token.start + 1, token.end - 1))
    return confidence === 0 ? [] : [finding(token, confidence)]
  })
}

const MIN_LENGTH = 6
const WORDS =
  /\b(?:and|or|xor|rlike|having|union|select|procedure|order\s+by|group\s+by|begin|call|exec|waitfor|declare|limit|where)\b/i
const SIGNS = /[=;()<>]|--|\|\||""|#/

function weigh(name: string): number {
  if (!WORDS.test(name) || !SIGNS.test(name)) return 0
  const isOpened =
    /^[^("]*\)/.test(name) || /^["'\s\d%-]*\b(?:and|or|xor|union|order|having)\b/i.test(name)
  const isCode =
    /\b(?:select|union|sleep|exec|call|procedure|waitfor)\b|;\s*\w|\d\s*=\s*\d|"\s*=\s*"|\|\||--/i.test(
      name,
    )
  return isOpened || isCode ? 86 : 50
}

function finding({ start, end }: Token, confidence: number): Finding {
  return { category: 'fusion', confidence, start, end, why: 'a quoted name reads like SQL' }
}
