// What the walk has found so far of one statement.
import type { Effect, FunctionCall, ParsedSessionEffect, Relation, Token } from '../statement.ts'
import type { OffsetOf } from './offsets.ts'
import { RowUse } from './row-use.ts'
import { type Tree, textOf } from './tree.ts'

/** The statement's place in the request. */
export interface Source {
  readonly text: string
  /** Its tokens, comments left out. */
  readonly words: readonly Token[]
  readonly offsetOf: OffsetOf
}

export interface Draft {
  readonly source: Source
  readonly effects: Set<Effect>
  readonly relations: Map<string, Relation>
  readonly functions: FunctionCall[]
  readonly session: ParsedSessionEffect[]
  readonly rows: RowUse
  /** The first thing that was not understood, else ''. */
  why: string
  depth: number
}

export function blankDraft(source: Source): Draft {
  return {
    source,
    effects: new Set(),
    relations: new Map(),
    functions: [],
    session: [],
    rows: new RowUse(),
    why: '',
    depth: 0,
  }
}

/** A draft of a statement in the statement, whose session effects don't happen now. */
export function innerDraft(draft: Draft): Draft {
  return { ...blankDraft(draft.source), depth: draft.depth }
}

/** Takes over the calls and the doubts of an inner statement. */
export function absorb(draft: Draft, inner: Draft): void {
  draft.functions.push(...inner.functions)
  draft.rows.absorb(inner.rows)
  if (inner.why !== '') giveUp(draft, inner.why)
}

export function giveUp(draft: Draft, why: string): void {
  draft.why ||= why
}

/** Access to a relation is an effect too. */
export function touch(draft: Draft, relation: Relation): void {
  const { schema, name, access } = relation
  draft.effects.add(access)
  draft.relations.set(JSON.stringify([schema, name, access]), relation)
}

export function touchRangeVar(draft: Draft, rangeVar: Tree, access: Relation['access']): void {
  const schema = textOf(rangeVar, 'schemaname')
  touch(draft, { schema, name: textOf(rangeVar, 'relname') ?? '', access })
  draft.rows.noteTable(rangeVar)
}

/** An opaque statement may change anything: only a grant on the whole database covers it. */
export function touchEverything(draft: Draft): void {
  draft.effects.add('define')
  touch(draft, { schema: undefined, name: '*', access: 'write' })
}
