import type { Finding } from '@articdbm/contract'
import type { Analysis, Statement, Token } from '@articdbm/sql'
import { classifyRelation } from '../resources.ts'
import { codeTokens, isConstant, isOperator, isWord } from './tokens.ts'

const CATALOGS =
  /^(?:information_schema|pg_catalog|pg_(?:class|tables|user|shadow|authid|roles|database)|sqlite_master|sqlite_schema|mysql|performance_schema)$/

/** UNION SELECT of mere constants, or of the database's own catalog. */
export function findUnions(analysis: Analysis): readonly Finding[] {
  const tokens = codeTokens(analysis)
  const excused = catalogsOwnUnions(analysis, tokens)
  return tokens.flatMap((token, at) =>
    isWord(token, 'union') && !excused.has(token) ? unionAt(tokens, at) : [],
  )
}

/** Tools that read nothing but the catalog unite it with itself: `\d` of psql does. One pass over the tokens. */
function catalogsOwnUnions(analysis: Analysis, tokens: readonly Token[]): ReadonlySet<Token> {
  const excused = new Set<Token>()
  let at = 0
  for (const statement of analysis.statements) {
    const isAlone = readsCatalogAlone(statement)
    const read = new Set(statement.relations.map(({ name }) => name))
    let hasRead = false
    for (let token = tokens[at]; token && token.start < statement.end; token = tokens[at]) {
      hasRead ||= isCatalog(token) || read.has(token.value)
      if (isAlone && hasRead && isWord(token, 'union')) excused.add(token)
      at += 1
    }
  }
  return excused
}

function readsCatalogAlone({ dialect, relations, isComplete }: Statement): boolean {
  return (
    isComplete && relations.every((relation) => classifyRelation(dialect, relation) === 'catalog')
  )
}

function unionAt(tokens: readonly Token[], at: number): readonly Finding[] {
  const select = nextSelect(tokens, at + 1)
  if (select === undefined) return []
  const rest = tokens.slice(select + 1, select + 400)
  const catalog = rest.find(isCatalog)
  if (catalog) return [finding(tokens[at], catalog, 90, 'UNION reads the database catalog')]
  return isConstantRow(rest)
    ? [finding(tokens[at], rest[0], 75, 'UNION adds a row of constants')]
    : []
}

function nextSelect(tokens: readonly Token[], start: number): number | undefined {
  let at = start
  while (isWord(tokens[at], 'all', 'distinct') || isOperator(tokens[at], '(')) at += 1
  return isWord(tokens[at], 'select') ? at : undefined
}

/** `NULL, NULL` or `1, 'a', 3` up to the statement's end: the row has no FROM. */
function isConstantRow(tokens: readonly Token[]): boolean {
  const end = tokens.findIndex(
    (token) => isOperator(token, ';', ')') || isWord(token, 'limit', 'order'),
  )
  const row = end === -1 ? tokens : tokens.slice(0, end)
  return row.length > 0 && row.every((token) => isConstant(token) || isOperator(token, ','))
}

function isCatalog(token: Token): boolean {
  const isName = token.kind === 'word' || token.kind === 'quoted'
  return isName && CATALOGS.test(token.value.toLowerCase())
}

function finding(
  from: Token | undefined,
  to: Token | undefined,
  confidence: number,
  why: string,
): Finding {
  const start = from?.start ?? 0
  return { category: 'union', confidence, start, end: to?.end ?? start, why }
}
