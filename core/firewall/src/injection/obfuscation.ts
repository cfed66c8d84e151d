import type { Finding } from '@articdbm/contract'
import type { Analysis, Token } from '@articdbm/sql'

/** Comments in the place of blanks: `union/**\/select`. */
export function findObfuscation({ tokens }: Analysis): readonly Finding[] {
  const comments = tokens.keys().filter((at) => tokens[at]?.kind === 'comment')
  return comments.toArray().flatMap((at) => {
    const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]]
    if (!token || !isEmptyComment(token) || !before || !after) return []
    const isGlued = before.end === token.start && token.end === after.start
    if (!isGlued || before.kind !== 'word' || !isOfWord(after)) return []
    const why = 'a comment stands in the place of a blank'
    return [{ category: 'obfuscation', confidence: 82, start: token.start, end: token.end, why }]
  })
}

function isOfWord({ kind, value }: Token): boolean {
  return kind === 'word' || kind === 'comment' || value === '('
}

function isEmptyComment({ kind, value }: Token): boolean {
  return kind === 'comment' && /^\/\*[^\w!+]{0,8}\*\/$/.test(value)
}
