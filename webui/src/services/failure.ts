/** A refusal or failure as the manager words it, or as the browser sees it when there was no answer. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly requestId: string | undefined
  readonly status: number
}

export class RequestFailed extends Error implements Failure {
  readonly code: string
  readonly requestId: string | undefined
  readonly status: number
  constructor(failure: Failure) {
    super(failure.message)
    this.code = failure.code
    this.requestId = failure.requestId
    this.status = failure.status
  }
}

const UNREACHABLE = 'The manager does not answer. Check that it is running, then try again.'

/** From the body of an unsuccessful answer; `body` may be anything, or nothing. */
export function failureFrom(body: unknown, response: Response | undefined): RequestFailed {
  const status = response?.status ?? 0
  const { error, message, meta } = asRecord(body)
  const requestId = asRecord(meta).requestId ?? response?.headers.get('x-request-id')
  return new RequestFailed({
    code: asText(error) ?? (status === 0 ? 'unreachable' : `http_${status}`),
    message: asText(message) ?? describeStatus(status),
    requestId: asText(requestId),
    status,
  })
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof RequestFailed) return error
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, requestId: undefined, status: 0 }
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof RequestFailed && error.status === status
}

function describeStatus(status: number): string {
  if (status === 0 || status === 502 || status === 504) return UNREACHABLE
  if (status >= 500) return 'The manager failed on this request. Its log says more.'
  return `The manager refused this request (HTTP ${status}).`
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
