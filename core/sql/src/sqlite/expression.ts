import type { Reader } from './reader.ts'
import { readTable } from './relation.ts'
import { isName, isOperator, isWord } from './words.ts'

// Precedence says how a value is computed, not what is read: operands and operators simply alternate.
const BINARY = new Set('|| -> ->> * / % + - & | << >> < > <= >= = == != <>'.split(' '))
const BINARY_WORDS = ['and', 'or', 'like', 'glob', 'regexp', 'match', 'escape', 'between']
const LITERALS = new Set(['number', 'binary', 'parameter'])

export function expression(reader: Reader): void {
  reader.nested(() => {
    do operand(reader)
    while (operator(reader))
  })
}

export function expressions(reader: Reader): void {
  reader.list(expression)
}

/** True when another operand must follow; postfix operators are taken on the way. */
function operator(reader: Reader): boolean {
  if (reader.acceptOperatorOf(BINARY)) return true
  if (reader.next?.kind !== 'word') return false
  while (postfix(reader));
  if (reader.acceptOperatorOf(BINARY)) return true
  if (reader.accept('is')) return distinctFrom(reader)
  if (isWord(reader.next, 'not') && isWord(reader.ahead(1), ...BINARY_WORDS)) reader.take()
  const word = reader.acceptOneOf(...BINARY_WORDS)
  if (word === 'regexp') reader.findings.call(word, reader.last?.start ?? 0)
  return word !== undefined
}

/** IS [NOT] [DISTINCT FROM]; a NOT is also the operand's own prefix. */
function distinctFrom(reader: Reader): true {
  reader.accept('not')
  reader.accept('distinct', 'from')
  return true
}

function postfix(reader: Reader): boolean {
  if (reader.accept('isnull') || reader.accept('notnull') || reader.accept('not', 'null')) {
    return true
  }
  if (reader.accept('collate')) {
    reader.name()
    return true
  }
  if (!reader.accept('in') && !reader.accept('not', 'in')) return false
  membership(reader)
  return true
}

/** IN (…) or IN table: the table is read as if it stood in FROM. */
function membership(reader: Reader): void {
  if (reader.seesOperator('(')) reader.parenthesized(members)
  else readTable(reader, expressions)
}

function members(reader: Reader): void {
  if (reader.seesSelect()) reader.select()
  else if (!reader.seesOperator(')')) expressions(reader)
}

function operand(reader: Reader): void {
  while (reader.acceptOperator('-', '+', '~') || reader.accept('not'));
  if (reader.seesOperator('(')) reader.parenthesized(inParentheses)
  else if (reader.accept('case')) caseExpression(reader)
  else if (reader.accept('exists')) reader.parenthesized(() => reader.select())
  else if (!reader.accept('null')) namedOperand(reader)
}

function namedOperand(reader: Reader): void {
  const { next } = reader
  if (next?.kind !== 'string' && isOperator(reader.ahead(1), '(')) call(reader)
  else if (isName(next)) column(reader)
  else if (LITERALS.has(next?.kind ?? '')) reader.take()
  else reader.fail()
}

function inParentheses(reader: Reader): void {
  if (reader.seesSelect()) reader.select()
  else expressions(reader)
}

/** [[schema .] table .] column, or a literal 'string', which is a name too where a dot follows. */
function column(reader: Reader): void {
  reader.name()
  while (reader.acceptOperator('.')) reader.name()
}

function caseExpression(reader: Reader): void {
  if (!reader.sees('when')) expression(reader)
  while (reader.accept('when')) {
    expression(reader)
    reader.expect('then')
    expression(reader)
  }
  if (reader.accept('else')) expression(reader)
  reader.expect('end')
}

function call(reader: Reader): void {
  if (reader.accept('cast')) reader.parenthesized(cast)
  else if (reader.accept('raise')) reader.parenthesized(raise)
  else callFunction(reader)
}

function callFunction(reader: Reader): void {
  const { start } = reader.next ?? { start: 0 }
  reader.findings.call(reader.name(), start)
  reader.parenthesized(callArguments)
  afterCall(reader)
}

function cast(reader: Reader): void {
  expression(reader)
  reader.expect('as')
  typeName(reader)
}

function raise(reader: Reader): void {
  if (reader.accept('ignore')) return
  if (!reader.acceptOneOf('rollback', 'abort', 'fail')) reader.fail()
  reader.expectOperator(',')
  expression(reader)
}

/** VARCHAR, DOUBLE PRECISION, DECIMAL(10, 2), or nothing at all. */
export function typeName(reader: Reader): void {
  while (isName(reader.next) && !reader.sees('generated', 'always')) reader.take()
  if (reader.seesOperator('(')) reader.parenthesized(() => reader.list(signedNumber))
}

export function signedNumber(reader: Reader): void {
  reader.acceptOperator('+', '-')
  if (reader.next?.kind !== 'number') reader.fail()
  reader.take()
}

function callArguments(reader: Reader): void {
  if (reader.seesOperator(')') || reader.acceptOperator('*')) return
  if (!reader.accept('distinct')) reader.accept('all')
  expressions(reader)
  orderBy(reader)
}

function afterCall(reader: Reader): void {
  if (reader.sees('within', 'group')) {
    reader.expect('within', 'group')
    reader.parenthesized(orderBy)
  }
  if (reader.sees('filter') && isOperator(reader.ahead(1), '(')) {
    reader.take()
    reader.parenthesized(() => {
      reader.expect('where')
      expression(reader)
    })
  }
  // OVER is a keyword only where a window or its name follows; else it is an alias.
  if (!reader.sees('over')) return
  if (isOperator(reader.ahead(1), '(')) {
    reader.take()
    reader.parenthesized(window)
  } else if (isName(reader.ahead(1))) {
    reader.take()
    reader.name()
  }
}

export function orderBy(reader: Reader): void {
  if (!reader.accept('order', 'by')) return
  reader.list(ordered)
}

/** expression [ASC | DESC] [NULLS FIRST | LAST]: also a column of an index. */
export function ordered(reader: Reader): void {
  expression(reader)
  reader.acceptOneOf('asc', 'desc')
  if (reader.accept('nulls')) {
    if (!reader.acceptOneOf('first', 'last')) reader.fail()
  }
}

export function window(reader: Reader): void {
  const startsHere = isWord(reader.next, 'partition', 'order', 'range', 'rows', 'groups')
  if (!startsHere && isName(reader.next)) reader.name()
  if (reader.accept('partition', 'by')) expressions(reader)
  orderBy(reader)
  if (reader.acceptOneOf('range', 'rows', 'groups') === undefined) return
  if (reader.accept('between')) {
    bound(reader)
    reader.expect('and')
  }
  bound(reader)
  if (reader.accept('exclude')) exclusion(reader)
}

function bound(reader: Reader): void {
  if (reader.accept('current', 'row')) return
  if (!reader.accept('unbounded')) expression(reader)
  if (!reader.acceptOneOf('preceding', 'following')) reader.fail()
}

function exclusion(reader: Reader): void {
  const isKnown =
    reader.accept('no', 'others') ||
    reader.accept('current', 'row') ||
    reader.acceptOneOf('group', 'ties') !== undefined
  if (!isKnown) reader.fail()
}
