import { isNewline, isSpace } from './characters.ts'

/** Where a comment that opens at `from` ends, or undefined where none opens or none closes. */
export function afterComment(text: string, from: number): number | undefined {
  if (text.startsWith('--', from)) return afterLine(text, from)
  return text.startsWith('/*', from) ? afterBlockComment(text, from) : undefined
}

function afterLine(text: string, from: number): number {
  let at = from
  while (at < text.length && !isNewline(text.charCodeAt(at))) at++
  return at
}

/** Block comments nest. */
function afterBlockComment(text: string, from: number): number | undefined {
  const edge = /\/\*|\*\//g
  edge.lastIndex = from + 2
  let depth = 1
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return edge.lastIndex
  }
  return undefined
}

/**
 * quotecontinue: white space with at least one newline, then a quote, continues a string.
 * Only `--` comments may stand in between, each closed by a newline.
 */
export function afterContinuation(text: string, from: number): number | undefined {
  let at = from
  let hasNewline = false
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit === 39) return hasNewline ? at + 1 : undefined
    if (isSpace(unit)) {
      hasNewline ||= isNewline(unit)
      at++
    } else if (text.startsWith('--', at)) {
      at = afterLine(text, at)
      if (at === text.length) return undefined
    } else return undefined
  }
  return undefined
}
