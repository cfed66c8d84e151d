import { Fault, type Problem, StatementBlocked } from '@articdbm/contract'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BadRequest, RouteNotFound, TooManyRequests, ValidationFailed } from './faults.ts'
import { bodyTooLong } from './long-body.ts'

class Internal extends Fault {
  override readonly code = 'internal'
  override readonly sqlState = 'XX000'
  override readonly mysqlErrno = 1105
  override readonly httpStatus = 500
  override readonly level = 'error'
  constructor() {
    super('something went wrong here; the log has it under this request id')
  }
}

/** Every failure leaves through here: a fault with its own face, a bug as `internal`. */
export function presentProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const fault = faultOf(error)
    log(request, fault, error)
    return send(request, reply, fault)
  })
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, new RouteNotFound(request.method, request.url.split('?')[0] ?? '')),
  )
}

function send(request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply {
  if (fault instanceof TooManyRequests) reply.header('retry-after', `${fault.retryAfterSeconds}`)
  return reply
    .code(fault.httpStatus)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problemOf(fault, request))
}

export function problemOf(fault: Fault, request: FastifyRequest): Problem {
  return {
    status: 'error',
    error: fault.code,
    message: fault.message,
    meta: {
      version: request.server.productVersion,
      requestId: request.id,
      ...(fault.hint === undefined ? {} : { hint: fault.hint }),
      ...detailsOf(fault),
    },
  }
}

function detailsOf(fault: Fault): Partial<Problem['meta']> {
  if (fault instanceof ValidationFailed) return { fields: [...fault.fields] }
  if (fault instanceof TooManyRequests) return { retryAfterSeconds: fault.retryAfterSeconds }
  if (fault instanceof StatementBlocked) return { rule: fault.rule, verdictId: fault.verdictId }
  if (fault instanceof DoorFault) return fault.details
  return {}
}

/** What the gateway's door, or the backend behind it, said of a statement. */
export class DoorFault extends Fault {
  override readonly code: string
  override readonly sqlState: string
  override readonly mysqlErrno: number
  override readonly httpStatus: number
  readonly details: Partial<Problem['meta']>
  constructor(face: {
    readonly code: string
    readonly message: string
    readonly httpStatus: number
    readonly details: Partial<Problem['meta']>
  }) {
    super(face.message)
    this.code = face.code
    this.httpStatus = face.httpStatus
    this.details = face.details
    this.sqlState = face.details.sqlState ?? 'HY000'
    this.mysqlErrno = face.details.mysqlErrno ?? 1105
  }
}

function faultOf(error: FastifyError): Fault {
  if (error instanceof Fault) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLong()
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new BadRequest('unsupported_media_type', 415, 'send application/json')
  }
  const isClients = error.statusCode !== undefined && error.statusCode < 500
  if (isClients) return new BadRequest('bad_request', error.statusCode ?? 400, error.message)
  return new Internal()
}

function log(request: FastifyRequest, fault: Fault, error: Error): void {
  if (fault instanceof Internal) request.log.error({ err: error }, 'a bug')
  else request.log[fault.level]({ code: fault.code, cause: fault.cause }, fault.message)
}
