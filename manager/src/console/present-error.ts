import { type ConsoleMessage, Fault } from '@articdbm/contract'
import { DoorFault } from '../http/problem.ts'
import { DoorError, refusalOf } from './door-error.ts'

export type ConsoleProblem = Omit<
  Extract<ConsoleMessage, { type: 'error' }>,
  'type' | 'id' | 'index'
>

/** `start` is where the statement begins in the text that the person sent. */
export function consoleProblem(error: unknown, start: number): ConsoleProblem {
  if (error instanceof DoorError) {
    const refusal = refusalOf(error)
    return {
      code: refusal ? 'statement_blocked' : error.code,
      message: error.message,
      position: error.position === undefined ? null : start + error.position,
      hint: error.hint,
      rule: refusal?.rule ?? '',
      verdictId: refusal?.verdictId ?? '',
    }
  }
  const isFault = error instanceof Fault
  return {
    code: isFault ? error.code : 'internal',
    message: isFault ? error.message : 'something went wrong here; the log has it',
    position: null,
    hint: isFault ? (error.hint ?? '') : '',
    rule: '',
    verdictId: '',
  }
}

interface Face {
  readonly code: string
  readonly httpStatus: number
}

/** What the door's code means to somebody who came by HTTP; everything else is the statement's own failure. */
const FACES: Readonly<Record<string, Face>> = {
  '3D000': { code: 'unknown_database', httpStatus: 404 },
  '1049': { code: 'unknown_database', httpStatus: 404 },
  '28P01': { code: 'authentication_failed', httpStatus: 401 },
  '28000': { code: 'authentication_failed', httpStatus: 401 },
  '1045': { code: 'authentication_failed', httpStatus: 401 },
  '08006': { code: 'backend_unavailable', httpStatus: 502 },
  '2013': { code: 'backend_unavailable', httpStatus: 502 },
  '53300': { code: 'pool_exhausted', httpStatus: 503 },
  '1040': { code: 'pool_exhausted', httpStatus: 503 },
  '53100': { code: 'audit_unavailable', httpStatus: 503 },
  '1021': { code: 'audit_unavailable', httpStatus: 503 },
  '57014': { code: 'statement_cancelled', httpStatus: 499 },
  '1317': { code: 'statement_cancelled', httpStatus: 499 },
  '57P01': { code: 'shutting_down', httpStatus: 503 },
  '1053': { code: 'shutting_down', httpStatus: 503 },
  '57P03': { code: 'not_ready', httpStatus: 503 },
}
const STATEMENT_FAILED: Face = { code: 'statement_failed', httpStatus: 422 }
const BLOCKED: Face = { code: 'statement_blocked', httpStatus: 403 }

export function restFault(error: unknown, text: string, start: number): unknown {
  if (!(error instanceof DoorError)) return error
  const refusal = refusalOf(error)
  const face = refusal ? BLOCKED : (FACES[error.code] ?? STATEMENT_FAILED)
  return new DoorFault({
    ...face,
    message: error.message,
    details: {
      ...(error.hint === '' ? {} : { hint: error.hint }),
      ...(error.sqlState === '' ? {} : { sqlState: error.sqlState }),
      ...(error.mysqlErrno === 0 ? {} : { mysqlErrno: error.mysqlErrno }),
      ...(error.position === undefined ? {} : { position: position(text, start + error.position) }),
      ...refusal,
    },
  })
}

/** REST counts characters from 1, as PostgreSQL does. */
function position(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1
}
