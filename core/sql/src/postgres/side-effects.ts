// Built-in functions that act on the session or on a relation that only their arguments name.
import type { Relation } from '../statement.ts'
import { type Draft, touch } from './draft.ts'
import { bareOf, namesIn, nodeIn, type Tree, textOf } from './tree.ts'

type Arguments = readonly unknown[]

export function noteSideEffects(name: string, args: Arguments, draft: Draft): void {
  if (name === 'set_config') noteSetConfig(args, draft)
  if (/^pg_(?:try_)?advisory_lock/.test(name)) {
    draft.session.push({ kind: 'pin', reason: 'advisory lock' })
  }
  // A large object belongs to no table.
  if (/^(?:lo_get|lo_open|loread)$/.test(name)) touch(draft, { ...ANY, access: 'read' })
  if (/^(?:nextval|setval|currval)$/.test(name)) touch(draft, sequenceIn(args[0]))
}

const ANY = { schema: undefined, name: '*' } as const

/** set_config of a setting that is named outright is SET: the session effect says all. Drivers call it at log-in. */
export function isPlainSetting(name: string, args: Arguments): boolean {
  return name === 'set_config' && literalIn(args[0]) !== undefined
}

/** `*` where the setting's name is computed. */
function noteSetConfig([name, value, isLocal]: Arguments, draft: Draft): void {
  draft.effects.add('control')
  const scope = booleanIn(isLocal) === true ? 'transaction' : 'session'
  const setting = literalIn(name)?.toLowerCase() ?? settingOfDump(draft)
  draft.session.push({ kind: 'set', scope, name: setting, value: literalIn(value) })
}

/** pg_dump has the server name one setting, if it knows it; no other computed name is known. */
function settingOfDump({ source: { words } }: Draft): string {
  const text = words.map(({ kind, value }) => (kind === 'string' ? `'${value}'` : value)).join(' ')
  return DUMP.test(text) ? 'restrict_nonsystem_relation_kind' : '*'
}

const DUMP =
  /^select set_config \( name , '[\w ,-]*' , false \) from pg_settings where name = 'restrict_nonsystem_relation_kind'$/

/** The relation that a regclass literal names; any, where the name is computed. */
function sequenceIn(argument: unknown): Relation {
  const names = relationName(literalIn(argument) ?? '')
  const name = names.at(-1)
  if (name === undefined) return { ...ANY, access: 'write' }
  return { schema: names.at(-2), name, access: 'write' }
}

/** As regclassin reads it: names in parts, folded unless quoted. None where it isn't plain. */
function relationName(text: string): readonly string[] {
  if (text.length > MAX_NAME_LENGTH || !QUALIFIED_NAME.test(text.trim())) return []
  return (text.match(/"(?:[^"]|"")+"|[\w$]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  )
}

const MAX_NAME_LENGTH = 400
const QUALIFIED_NAME =
  /^(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)(?:\.(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*))*$/

/** A string constant, perhaps under casts that keep it: 'x'::text, 'x'::regclass. */
function literalIn(value: unknown): string | undefined {
  const node = nodeIn(value)
  if (node?.type === 'TypeCast' && keepsText(node.fields)) return literalIn(node.fields.arg)
  if (node?.type !== 'A_Const') return undefined
  const text = bareOf(node.fields, 'sval')
  return text === undefined ? undefined : (textOf(text, 'sval') ?? '')
}

/** A cast that can't shorten or change the text: `'roleplay'::varchar(4)` is 'role'. */
function keepsText(cast: Tree): boolean {
  const type = bareOf(cast, 'typeName') ?? {}
  const name = namesIn(type.names).at(-1)
  return (
    type.typmods === undefined && (name === 'text' || name === 'varchar' || name === 'regclass')
  )
}

function booleanIn(value: unknown): boolean | undefined {
  const node = nodeIn(value)
  if (node?.type !== 'A_Const') return undefined
  const constant: Tree | undefined = bareOf(node.fields, 'boolval')
  return constant === undefined ? undefined : constant.boolval === true
}
