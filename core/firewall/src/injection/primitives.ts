import type { Finding } from '@articdbm/contract'
import type { Call, Node } from './tree/node.ts'
import { bare, isFixed, isLogic } from './tree/node.ts'
import type { Reading, Visited } from './tree/read.ts'

/** What attacks are made of, on whatever server the attacker takes this for. Where it stands decides what it says. */
interface Primitive {
  readonly category: 'time' | 'error' | 'reach'
  readonly names: RegExp
  readonly why: string
}

const PRIMITIVES: readonly Primitive[] = [
  {
    category: 'time',
    names:
      /^(?:sleep|benchmark|pg_sleep|pg_sleep_for|pg_sleep_until|randomblob|zeroblob|dbms_pipe\.receive_message|dbms_lock\.sleep|dbms_session\.sleep|user_lock\.sleep|waitfor)$/,
    why: 'makes the database wait',
  },
  {
    category: 'error',
    names:
      /^(?:extractvalue|updatexml|ctxsys\.drithsx\.sn|utl_inaddr\.get_host_(?:address|name)|dbms_utility\.sqlid_to_sqlhash|xmltype|gtid_subset|gtid_subtract|st_latfromgeohash|st_longfromgeohash|st_pointfromgeohash|name_const|ordsys\.ord_dicom\.getmappingxpath|query_to_xml|database_to_xml|table_to_xml|regexp_substring|crypt_key)$/,
    why: 'shows data in an error message',
  },
  {
    category: 'reach',
    names:
      /^(?:load_file|pg_read_file|pg_read_binary_file|pg_ls_dir|pg_stat_file|lo_import|lo_export|lo_get|lo_from_bytea|dblink(?:_connect|_exec|_send_query)?|sys_eval|sys_exec|xp_cmdshell|xp_dirtree|utl_http\.request|utl_file\.\w+|httpuritype|utl_smtp\.\w+|load_extension|readfile|writefile|edit|fileio_read|master\.\.xp_\w+|sp_oacreate|openrowset|opendatasource|java_\w+|curl_\w+)$/,
    why: 'reaches beyond tables',
  },
]

export function findPrimitives({ visited }: Reading): readonly Finding[] {
  return visited.flatMap((one) => {
    const { node } = one
    return node.kind === 'call' ? ofCall(node, one) : []
  })
}

function ofCall(call: Call, one: Visited): readonly Finding[] {
  const primitive = PRIMITIVES.find(({ names }) => names.test(call.name))
  if (!primitive) return ofPattern(call, one)
  const { category, why } = primitive
  const confidence = isWorkedInto(call, one, category) ? 88 : placed(one, category)
  return [finding(call, category, confidence, `${call.name} ${why}`)]
}

/** `city OR sleep(1)`, `sleep(2 - if(…, 2, 0))`: it answers a question, wherever it stands. */
function isWorkedInto(call: Call, one: Visited, category: Primitive['category']): boolean {
  const isAsked = category === 'time' && !call.args.every(isConstant)
  let above = one.parent
  while (above && above.node.kind !== 'subquery') {
    const { node } = above
    if (isLogic(node)) return true
    if (category === 'time' && node.kind !== 'several') return true
    above = above.parent
  }
  return isAsked
}

function isConstant(node: Node): boolean {
  const inner = bare(node)
  return inner.kind === 'constant' || inner.kind === 'name'
}

/** Somebody who may call it calls it alone, or in a list of columns. */
function placed({ clause, level, query }: Visited, category: Primitive['category']): number {
  const isPlain =
    level === 0 && (clause === 'select' || clause === 'from') && query.branches.length === 1
  if (isPlain) return category === 'error' ? 20 : 60
  return 88
}

/** Calls that any program may write, but not like that. */
function ofPattern(call: Call, { clause, level }: Visited): readonly Finding[] {
  const [argument] = call.args
  const isOutside = clause === 'select' && level === 0
  if (TAKING_APART.test(call.name) && argument && reads(argument) && clause === 'where') {
    return [finding(call, 'blind', 83, `${call.name} takes apart what a query reads`)]
  }
  if (/^(?:exp|pow|power|cot)$/.test(call.name) && argument && reads(argument)) {
    return [finding(call, 'error', 82, `${call.name} is made to fail by what is read`)]
  }
  if (call.name === 'rand' && argument && isFixed(argument) && clause === 'group') {
    return [
      finding(
        call,
        'error',
        88,
        'grouping by a repeated random number fails with data in the message',
      ),
    ]
  }
  if (call.name === 'generate_series' && !isOutside && level > 0) {
    // Of a short one something is said, too: how long it is holds for this text alone.
    const confidence = isLarge(call.args[1]) ? 82 : 10
    return [finding(call, 'time', confidence, 'a series is counted inside a condition')]
  }
  return []
}

const TAKING_APART =
  /^(?:ascii|ord|unicode|substr|substring|mid|left|right|length|char_length|hex|bin|lower|upper)$/

function reads(node: Node): boolean {
  if (node.kind === 'subquery') return true
  if (node.kind === 'call') return node.args.some(reads)
  return node.kind === 'several' && node.items.some(reads)
}

function isLarge(node: Node | undefined): boolean {
  return node?.kind === 'constant' && Number(node.value) >= 1_000_000
}

function finding({ start, end }: Node, category: string, confidence: number, why: string): Finding {
  return { category, confidence, start, end, why }
}
