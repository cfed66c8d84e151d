import type { StatementEnded, Verdict } from '@articdbm/contract'
import type { Analysis, LexicalModes, Statement } from '@articdbm/sql'
import type { Recorded } from '../audit/spool.ts'
import type { MaskedResult } from '../mask/masked-result.ts'
import type { SessionFacts } from '../session-facts.ts'
import type { Pass } from './passes.ts'
import type { Prepared } from './prepared.ts'

/** A request's text as the client sent it, with what the session has prepared: EXECUTE names it. */
export interface StatementRequest {
  readonly text: string
  readonly prepared: Prepared
  readonly modes?: LexicalModes
}

export interface Judged {
  readonly analysis: Analysis
  /** The analysis' statements, with EXECUTE replaced by what it executes: these were judged, these are recorded. */
  readonly statements: readonly Statement[]
  /** Of the whole request: one blocked statement blocks it all. */
  readonly verdict: Verdict
  /** What may not be seen of each statement's result; undefined where nothing is masked. */
  readonly masks?: readonly (MaskedResult | undefined)[] | undefined
  /** Where the verdict holds for every text of the same shape. */
  readonly pass?: Pass | undefined
}

/** What is left to tell the audit once a recorded statement is over. Safe to call more than once. */
export interface Ticket {
  /** Also the verdict id that a refused person sees. */
  readonly id: string
  /** A backend begins with it now; what it waited for before is no fault of its own. */
  forwarded(): void
  end(ending: Ending): void
}

export interface Ending {
  readonly outcome: StatementEnded['outcome']
  readonly rows: number
  readonly bytes: number
  /** SQLSTATE or MySQL errno, '' when all went well. */
  readonly errorCode: string
}

/** The short way of a session whose statements are of shapes that have passed before. Nothing in it waits. */
export interface QuickAdmission {
  /** Undefined: judge it the long way. */
  passFor(text: string): Pass | undefined
  /** It reads, does nothing else, and has always been over in a moment. */
  isShortRead(pass: Pass): boolean
  /** Calls back when it can't be lost any more, or with the fault: then it may not be forwarded. */
  record(pass: Pass, text: string, recorded: Recorded): QuickTicket
}

/** What a quick statement is ended by. */
export interface QuickTicket {
  end(ending: Ending, serviceMs: number): void
}

/** Judging and recording: the part of THE PAGE that is the same on every door. */
export interface Admission {
  /** Reads the newest snapshot; the analysis is cached by text. Never throws. */
  judge(request: StatementRequest, facts: SessionFacts): Judged
  /**
   * Resolves when every statement of the request is recorded so that a crash can't lose it; one ticket a statement,
   * in order, and one for a text that holds none. Only then may frames be forwarded, or a refusal be sent.
   * A blocked statement's ticket needs no `end`. Rejects with AuditUnavailable: then nothing may be forwarded.
   */
  record(judged: Judged, facts: SessionFacts): Promise<readonly Ticket[]>
  quick(facts: SessionFacts): QuickAdmission
}
