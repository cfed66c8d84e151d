import type { Token } from '@articdbm/sql'
import { beginsQuery, isClauseWord } from './clauses.ts'
import type { Case, Constant, Node, Operation } from './node.ts'
import { isPrefix, NOT_RANK, type Operator, operatorOf } from './operators.ts'
import type { Reader } from './reader.ts'

/** Deeper ones are read as a row of tokens. */
const MAX_DEPTH = 250

/** One expression; always takes at least a token where one is left. */
export function readExpression(reader: Reader, rank = 0): Node {
  const start = reader.peek()?.start ?? reader.end
  if (reader.depth >= MAX_DEPTH) return nameOf(reader.take(), start)
  reader.depth += 1
  let left = readPrefixed(reader)
  for (;;) {
    left = readPostfix(reader, left)
    const operator = nextOperator(reader)
    if (!operator || operator.rank <= rank) break
    left = readOperation(reader, left, operator)
  }
  reader.depth -= 1
  return left
}

/** NOT before IN, LIKE and the like belongs to them. */
function nextOperator(reader: Reader): Operator | undefined {
  const ahead = reader.isWord('not') ? 1 : 0
  const operator = operatorOf(reader.peek(ahead), reader.dialect)
  if (ahead === 1 && operator?.family !== 'comparison') return undefined
  return operator
}

/** `a AND b AND c` is one operation: a long chain must not make a deep tree. */
function readOperation(reader: Reader, left: Node, { family, rank }: Operator): Operation {
  reader.acceptWord('not')
  const operator = reader.take()?.value ?? ''
  const more = readOperands(reader, operator, rank)
  if (left.kind === 'operation' && left.family === family) {
    left.operands.push(...more)
    left.end = reader.end
    return left
  }
  const operands = [left, ...more]
  return { kind: 'operation', family, operator, operands, start: left.start, end: reader.end }
}

function readOperands(reader: Reader, operator: string, rank: number): readonly Node[] {
  if (operator === 'isnull' || operator === 'notnull') return []
  if (operator === 'is') {
    reader.acceptWord('not')
    if (reader.acceptWord('distinct')) reader.acceptWord('from')
  }
  if (operator === 'sounds') reader.acceptWord('like')
  if (operator === 'similar') reader.acceptWord('to')
  if (operator === 'member') reader.acceptWord('of')
  if (operator !== 'between') return endsHere(reader) ? [] : [readExpression(reader, rank)]
  reader.acceptWord('symmetric', 'asymmetric')
  const low = readExpression(reader, rank)
  return reader.acceptWord('and') ? [low, readExpression(reader, rank)] : [low]
}

function endsHere(reader: Reader): boolean {
  return reader.isAtEnd || reader.isSign(')') || reader.isSign(',') || isClauseWord(reader)
}

/** `::type` makes a call of the type. */
function readPostfix(reader: Reader, left: Node): Node {
  let node = left
  while (reader.isSign('::') || skipPostfix(reader)) {
    if (reader.acceptSign('::')) node = readCast(reader, node)
  }
  return node
}

function readCast(reader: Reader, node: Node): Node {
  const name = `type ${reader.peek()?.value ?? ''}`
  skipType(reader)
  if (node.kind === 'call' && node.name.startsWith('type ')) return node
  return { kind: 'call', name, args: [node], start: node.start, end: reader.end }
}

/** COLLATE, AT TIME ZONE, `[subscript]`, ESCAPE, PRECEDING: nothing that matters here comes of them. False: there is none. */
function skipPostfix(reader: Reader): boolean {
  if (reader.acceptWord('preceding', 'following')) return true
  if (reader.isWord('collate', 'escape')) skip(reader, 2)
  else if (reader.isWord('at') && reader.peek(1)?.value === 'time') skip(reader, 4)
  else if (reader.isSign('[')) skipPair(reader, '[', ']')
  else return false
  return true
}

function skip(reader: Reader, count: number): void {
  for (let left = count; left > 0; left -= 1) reader.take()
}

/** `numeric(10, 2)`, `pg_catalog.int4`, `double precision`, `timestamp with time zone`. */
function skipType(reader: Reader): void {
  reader.take()
  while (reader.acceptSign('.')) reader.take()
  while (reader.acceptWord('precision', 'varying', 'with', 'without', 'time', 'zone', 'unsigned'));
  if (reader.isSign('(') && reader.peek(1)?.kind === 'number') skipPair(reader, '(', ')')
}

/** From the opening sign to the one that closes it. */
function skipPair(reader: Reader, opening: string, closing: string): void {
  let depth = 0
  do {
    if (reader.isSign(opening)) depth += 1
    if (reader.isSign(closing)) depth -= 1
    reader.take()
  } while (depth > 0 && !reader.isAtEnd)
}

function readPrefixed(reader: Reader): Node {
  const start = reader.peek()?.start ?? reader.end
  let [negations, isNegative] = [0, false]
  for (;;) {
    if (isStandingAlone(reader)) break
    if (reader.acceptWord('not')) negations += 1
    else if (isPrefix(reader.peek())) isNegative = reader.take()?.value === '-'
    else break
  }
  if (negations === 0) return signed(readPrimary(reader), isNegative)
  const operands = [endsHere(reader) ? nameOf(undefined, start) : readExpression(reader, NOT_RANK)]
  return { kind: 'operation', family: 'not', operator: 'not', operands, start, end: reader.end }
}

function signed(node: Node, isNegative: boolean): Node {
  return node.kind === 'constant' ? { ...node, isNegative } : node
}

/** `all`, `any` and their like are names where nothing follows. */
function isStandingAlone(reader: Reader): boolean {
  const next = reader.peek(1)
  if (reader.peek()?.kind !== 'word') return false
  return next === undefined || (next.kind === 'operator' && /^[),.;=]/.test(next.value))
}

function readPrimary(reader: Reader): Node {
  if (reader.isSign('(')) return readParenthesized(reader)
  const token = reader.take()
  const start = token?.start ?? reader.end
  if (!token) return nameOf(token, start)
  switch (token.kind) {
    case 'string':
    case 'binary':
    case 'number':
      return readConstant(reader, token)
    case 'parameter':
      return { kind: 'name', type: 'parameter', value: '?', start, end: token.end }
    case 'variable':
      return { kind: 'name', type: 'variable', value: token.value, start, end: token.end }
    case 'word':
    case 'quoted':
      return readNamed(reader, token)
    case 'operator':
    case 'comment':
    case 'unknown':
      return readSign(reader, token)
  }
}

/** `@x` and `@@x` where a dialect has them as two tokens; everything else stands for itself. */
function readSign(reader: Reader, token: Token): Node {
  if (!/^@@?$/.test(token.value) || reader.peek()?.kind !== 'word')
    return nameOf(token, token.start)
  const name = reader.take()
  return {
    ...{ kind: 'name', type: 'variable', value: `${token.value}${name?.value ?? ''}` },
    ...{ start: token.start, end: reader.end },
  }
}

const CONSTANT_KINDS: Partial<Record<Token['kind'], Constant['type']>> = {
  binary: 'bits',
  number: 'number',
}

/** Strings that stand behind each other are one. */
function readConstant(reader: Reader, token: Token): Node {
  const type = CONSTANT_KINDS[token.kind] ?? 'string'
  let { value } = token
  while (token.kind === 'string' && reader.peek()?.kind === 'string') value += reader.take()?.value
  return { kind: 'constant', type, value, isNegative: false, start: token.start, end: reader.end }
}

const CONSTANT_WORDS: Readonly<Record<string, 'null' | 'boolean'>> = {
  ...{ null: 'null', unknown: 'null', true: 'boolean', false: 'boolean' },
}

/** Those whose constants programs calculate with. */
const TYPES =
  /^(?:interval|date|time|timestamp|timestamptz|timetz|numeric|decimal|int\w*|float\w*|inet|cidr|money|bit|_\w+)$/

function readNamed(reader: Reader, first: Token): Node {
  const { start, value } = first
  const constant = first.kind === 'word' ? CONSTANT_WORDS[value] : undefined
  if (constant && !reader.isSign('.')) {
    return { kind: 'constant', type: constant, value, isNegative: false, start, end: first.end }
  }
  if (first.kind === 'word' && value === 'case') return readCase(reader, start)
  let name = value
  while (reader.isSign('.')) {
    reader.take()
    name += `.${reader.take()?.value ?? ''}`
  }
  if (reader.isSign('(')) return readCall(reader, name.toLowerCase(), start)
  if (
    first.kind === 'word' &&
    (reader.peek()?.kind === 'string' || reader.peek()?.kind === 'binary')
  ) {
    const typed = readPrimary(reader)
    return {
      kind: 'call',
      name: TYPES.test(name) ? `type ${name}` : name,
      args: [typed],
      start,
      end: reader.end,
    }
  }
  // PostgreSQL's short word for who is logged in; elsewhere, and in quotes, a column.
  const isSelf = reader.dialect === 'postgres' && first.kind === 'word' && name === 'user'
  const named = isSelf ? 'current_user' : name.toLowerCase()
  return { kind: 'name', type: 'column', value: named, start, end: reader.end }
}

function nameOf(token: Token | undefined, start: number): Node {
  const [value, end] = [token?.value ?? '', token?.end ?? start]
  return { kind: 'name', type: 'column', value, start, end }
}

function readParenthesized(reader: Reader): Node {
  const start = reader.peek()?.start ?? reader.end
  reader.take()
  const items = readItems(reader)
  return { kind: 'several', items, start, end: reader.end }
}

function readCall(reader: Reader, name: string, start: number): Node {
  reader.take()
  const items = readItems(reader)
  // CONVERT(type, x)
  const args = name === 'convert' && items.length > 1 ? items.slice(1) : items
  skipCallTail(reader)
  return { kind: 'call', name, args, start, end: reader.end }
}

function skipCallTail(reader: Reader): void {
  while (reader.isWord('over', 'filter', 'within')) {
    const isTail = reader.isSign('(', 1) || reader.peek(1)?.kind === 'word'
    if (!isTail) return
    reader.take()
    reader.acceptWord('group')
    if (reader.isSign('(')) skipPair(reader, '(', ')')
    else reader.take()
  }
}

/** Up to the closing parenthesis, which it takes: words between the arguments are left out. */
function readItems(reader: Reader): readonly Node[] {
  const items: Node[] = []
  while (!reader.isAtEnd && !reader.acceptSign(')')) {
    if (beginsQuery(reader)) items.push(readSubquery(reader))
    else if (reader.acceptWord('as')) skipType(reader)
    else if (reader.acceptWord('using')) reader.take()
    else if (reader.isSign(',') || isArgumentWord(reader)) reader.take()
    else items.push(readItem(reader, items.length))
  }
  return items
}

/** From so many on, what is like the last one is left out. */
const MANY = 16

/** `before`: how many there were in this list. */
export function readItem(reader: Reader, before: number): Node {
  const first = reader.taken
  const node = readExpression(reader)
  if (before >= MANY) reader.skipAlike(first)
  return node
}

function readSubquery(reader: Reader): Node {
  const start = reader.peek()?.start ?? reader.end
  const query = reader.readQuery(reader)
  return { kind: 'subquery', query, start, end: reader.end }
}

/** CAST(x AS type), SUBSTRING(x FROM 1 FOR 2), GROUP_CONCAT(x ORDER BY y SEPARATOR z), POSITION(x IN y). */
function isArgumentWord(reader: Reader): boolean {
  return reader.isWord(
    'from',
    'for',
    'separator',
    'order',
    'by',
    'asc',
    'desc',
    'limit',
    'leading',
    'trailing',
    'both',
    'interval',
    'where',
  )
}

function readCase(reader: Reader, start: number): Case {
  const parts: Node[] = []
  while (!reader.isAtEnd && !reader.acceptWord('end')) {
    if (reader.isSign(')')) break
    if (!reader.acceptWord('when', 'then', 'else')) parts.push(readExpression(reader))
  }
  return { kind: 'case', parts, start, end: reader.end }
}
