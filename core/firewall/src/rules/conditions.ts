// What the conditions of a rule are compiled to, once a rule: the same object is asked for every statement.
import type { RuleConditions, SnapshotRule } from '@articdbm/contract'
import type { Relation, Statement } from '@articdbm/sql'
import { addressTest } from './addresses.ts'
import { namesColumn } from './columns.ts'
import { globTest } from './glob.ts'
import { fitsHours } from './hours.ts'
import { patternTest } from './pattern.ts'

/** Whom a session is for, and whence. */
export interface Caller {
  readonly person: string
  readonly role: string
  readonly address: string
  readonly application: string
  readonly door: string
}

export interface CompiledRule {
  readonly rule: SnapshotRule
  fitsCaller(caller: Caller): boolean
  fitsTime(nowMs: number): boolean
  /** All but its pattern. */
  fitsStatement(statement: Statement, defaultSchema: string): boolean
  /** True where there is no pattern. A text that is too long to be looked through fits what alerts and blocks. */
  fitsText(text: string): boolean
}

const compiled = new WeakMap<SnapshotRule, CompiledRule>()

/** Throws where a pattern or an address can't be read: `findMistake` says so before a rule is stored. */
export function compileRule(rule: SnapshotRule): CompiledRule {
  const known = compiled.get(rule)
  if (known) return known
  const { conditions } = rule
  const made: CompiledRule = {
    rule,
    fitsCaller: callerTest(conditions),
    fitsTime: (nowMs) => conditions.hours === undefined || fitsHours(conditions.hours, nowMs),
    fitsStatement: statementTest(conditions),
    fitsText:
      conditions.pattern === undefined
        ? always
        : patternTest(conditions.pattern, rule.action !== 'allow'),
  }
  compiled.set(rule, made)
  return made
}

type Test<T> = (subject: T) => boolean

const always = (): boolean => true

/** Holds where one of the list does, and where there is none. */
function anyOf<T>(tests: readonly Test<T>[] | undefined): Test<T> {
  return tests === undefined ? always : (subject) => tests.some((test) => test(subject))
}

function callerTest(conditions: RuleConditions): Test<Caller> {
  const users = conditions.users && new Set(conditions.users.map((name) => name.toLowerCase()))
  const fitsApplication = anyOf(conditions.applications?.map(globTest))
  const fitsAddress = anyOf(conditions.addresses?.map(addressTest))
  const { roles, doors } = conditions
  return ({ person, role, address, application, door }) =>
    (users === undefined || users.has(person.toLowerCase())) &&
    (roles === undefined || roles.some((one) => one === role)) &&
    (doors === undefined || doors.some((one) => one === door)) &&
    fitsApplication(application) &&
    fitsAddress(address)
}

function statementTest(conditions: RuleConditions): CompiledRule['fitsStatement'] {
  const { digests, effects, access } = conditions
  const fitsTable = conditions.tables?.map(tableTest)
  const fitsFunction = conditions.functions?.map(globTest)
  const fitsColumn = conditions.columns && anyOf(conditions.columns.map(globTest))
  return (statement, defaultSchema) =>
    (digests === undefined || digests.includes(statement.digest)) &&
    (effects === undefined || statement.effects.some((effect) => effects.includes(effect))) &&
    fitsRelations(statement.relations, { access, fitsTable, defaultSchema }) &&
    (fitsFunction === undefined ||
      statement.functions.some(({ name }) => fitsFunction.some((test) => test(name)))) &&
    (fitsColumn === undefined || namesColumn(statement, fitsColumn))
}

interface RelationTest {
  readonly access: RuleConditions['access']
  readonly fitsTable: readonly ((name: string, schema: string) => boolean)[] | undefined
  readonly defaultSchema: string
}

/** A statement that may touch anything, as DO and CALL do, touches what the rule names. */
function fitsRelations(relations: readonly Relation[], test: RelationTest): boolean {
  const { access, fitsTable, defaultSchema } = test
  if (access === undefined && fitsTable === undefined) return true
  return relations.some(
    (relation) =>
      (access === undefined || relation.access === access) &&
      (fitsTable === undefined ||
        relation.name === '*' ||
        fitsTable.some((fits) => fits(relation.name, relation.schema ?? defaultSchema))),
  )
}

/** `orders`, `sales.orders`, `sales.*`; a pattern without schema fits one of any. */
export function tableTest(pattern: string): (name: string, schema: string) => boolean {
  const dot = pattern.indexOf('.')
  const fitsName = globTest(pattern.slice(dot + 1))
  const fitsSchema = dot < 0 ? always : globTest(pattern.slice(0, dot))
  return (name, schema) => fitsName(name) && fitsSchema(schema)
}
