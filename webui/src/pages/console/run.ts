// A run as the page shows it, and how each message from the manager changes it. Pure: see run.test.ts.
import type { Cell, Column, ConsoleMessage, TransactionState } from '@articdbm/contract'

export interface Result {
  readonly index: number
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly hasMore: boolean
  readonly isAsking: boolean
}

export interface Problem {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly rule: string
  readonly verdictId: string
  /** Offset in the editor's text, where the door said one. */
  readonly position: number | null
}

/** One line of the messages. */
export interface Note {
  readonly tone: 'ok' | 'notice' | 'error'
  readonly statement: number
  readonly text: string
  readonly durationMs: number | null
}

export interface Run {
  readonly id: string
  readonly state: 'running' | 'cancelling' | 'finished'
  readonly startedAt: number
  /** Where the text of the run begins in the editor. */
  readonly offset: number
  readonly results: readonly Result[]
  readonly notes: readonly Note[]
  readonly problem: Problem | undefined
  readonly transaction: TransactionState
  readonly durationMs: number | null
}

export interface Start {
  readonly id: string
  readonly startedAt: number
  readonly offset: number
}

export function startRun(start: Start): Run {
  return {
    ...start,
    state: 'running',
    results: [],
    notes: [],
    problem: undefined,
    transaction: 'unknown',
    durationMs: null,
  }
}

export function advance(run: Run, message: ConsoleMessage): Run {
  switch (message.type) {
    case 'ready':
    case 'statement':
      return run
    case 'columns':
      return { ...run, results: [...run.results, emptyResult(message)] }
    case 'rows':
      return changeResult(run, message.index, (result) => ({
        ...result,
        rows: result.rows.length === 0 ? message.rows : [...result.rows, ...message.rows],
        hasMore: message.hasMore,
        isAsking: false,
      }))
    case 'complete':
      return note(
        changeResult(run, message.index, (result) => ({
          ...result,
          hasMore: false,
          isAsking: false,
        })),
        {
          tone: 'ok',
          statement: message.index,
          text: completionOf(message),
          durationMs: message.durationMs,
        },
      )
    case 'notice':
      return note(run, {
        tone: 'notice',
        statement: -1,
        text: `${message.severity}: ${message.message}`,
        durationMs: null,
      })
    case 'error':
      return fail(run, message)
    case 'finished':
      return {
        ...run,
        state: 'finished',
        transaction: message.transaction,
        durationMs: message.durationMs,
      }
  }
}

/** It gave a page and waits for the reader: a new run may take its place. */
export function isWaiting({ state, results }: Run): boolean {
  const last = results.at(-1)
  return state === 'running' && last !== undefined && last.hasMore && !last.isAsking
}

/** Nobody but the database can say when it ends. */
export function isBusy(run: Run | undefined): boolean {
  return run !== undefined && run.state !== 'finished' && !isWaiting(run)
}

export function askMore(run: Run, index: number): Run {
  return changeResult(run, index, (result) => ({ ...result, isAsking: true }))
}

export function asCancelling(run: Run): Run {
  return run.state === 'running' ? { ...run, state: 'cancelling' } : run
}

function emptyResult({ index, columns }: Extract<ConsoleMessage, { type: 'columns' }>): Result {
  return { index, columns, rows: [], hasMore: false, isAsking: false }
}

function changeResult(run: Run, index: number, change: (result: Result) => Result): Run {
  return {
    ...run,
    results: run.results.map((result) => (result.index === index ? change(result) : result)),
  }
}

function note(run: Run, added: Note): Run {
  return { ...run, notes: [...run.notes, added] }
}

type Failure = Extract<ConsoleMessage, { type: 'error' }>

function fail(run: Run, failure: Failure): Run {
  const { code, message, hint, rule, verdictId, position } = failure
  const noted = note(run, {
    tone: 'error',
    statement: failure.index,
    text: `${code}: ${message}`,
    durationMs: null,
  })
  return {
    ...noted,
    // After a lost connection there will be no `finished`.
    state: code === 'connection_lost' ? 'finished' : run.state,
    results: noted.results.map((result) => ({ ...result, hasMore: false, isAsking: false })),
    problem: {
      code,
      message,
      hint,
      rule,
      verdictId,
      position: position === null ? null : run.offset + position,
    },
  }
}

function completionOf({ tag, rows }: Extract<ConsoleMessage, { type: 'complete' }>): string {
  const counted = `${rows} ${rows === 1 ? 'row' : 'rows'}`
  return tag ? `${tag} · ${counted}` : counted
}
