import { assignments } from './assignments.ts'
import { fileFormat } from './into.ts'
import { columnName, nameList, tableName } from './names.ts'
import { administration } from './opaque.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const SOURCES = wordSet('data xml')
const PRIORITIES = wordSet('low_priority concurrent')
const DUPLICATES = wordSet('replace ignore')
const ROW_WORDS = wordSet('lines rows')

/** LOAD DATA and LOAD XML: LOCAL takes the client's file, without it the server's own is read. */
export function load(reader: Reader): void {
  const { start } = reader
  reader.next()
  if (!SOURCES.has(reader.key)) {
    administration(reader)
    return
  }
  reader.found.kind = `load ${reader.key}`
  reader.next()
  reader.acceptAny(PRIORITIES)
  origin(reader, start)
  destination(reader)
  layout(reader)
  columns(reader)
  if (reader.accept('set')) assignments(reader)
}

function origin(reader: Reader, start: number): void {
  const isLocal = reader.accept('local')
  reader.expect('infile')
  const file = reader.acceptKind('string') ?? reader.fail("expected a file's name")
  reader.found.effects.add('write')
  if (isLocal) reader.found.session.push({ kind: 'copy', direction: 'in', file: file.value })
  else {
    reader.found.danger('load data infile', start)
    reader.found.write({ schema: undefined, name: '*' })
  }
}

function destination(reader: Reader): void {
  reader.acceptAny(DUPLICATES)
  reader.expect('into')
  reader.expect('table')
  reader.found.write(tableName(reader))
  if (reader.accept('partition')) nameList(reader)
}

/** CHARACTER SET, ROWS IDENTIFIED BY '<tag>', FIELDS, LINES, IGNORE 1 LINES */
function layout(reader: Reader): void {
  fileFormat(reader)
  if (reader.acceptPhrase('rows', 'identified', 'by')) reader.acceptKind('string')
  fileFormat(reader)
  if (!reader.accept('ignore')) return
  reader.acceptKind('number')
  if (!reader.acceptAny(ROW_WORDS)) reader.fail('expected LINES')
}

function columns(reader: Reader): void {
  if (!reader.accept('(') || reader.accept(')')) return
  reader.list(column)
  reader.expect(')')
}

function column(reader: Reader): void {
  if (reader.acceptKind('variable') === undefined) columnName(reader)
  else reader.found.pin('user variable')
}
