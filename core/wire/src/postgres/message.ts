// The messages of protocol 3.0 and 3.2, as the PostgreSQL manual names them (chapter "Message Formats").

export type Target = 'statement' | 'portal'

export type FrontendMessage =
  | { readonly kind: 'query'; readonly text: string }
  | {
      readonly kind: 'parse'
      readonly statement: string
      readonly text: string
      readonly parameterTypes: readonly number[]
    }
  | {
      readonly kind: 'bind'
      readonly portal: string
      readonly statement: string
      readonly parameterFormats: readonly number[]
      readonly parameters: readonly (Buffer | null)[]
      readonly resultFormats: readonly number[]
    }
  | { readonly kind: 'describe'; readonly target: Target; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'close'; readonly target: Target; readonly name: string }
  | { readonly kind: 'flush' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'copyData'; readonly bytes: Buffer }
  | { readonly kind: 'copyDone' }
  | { readonly kind: 'copyFail'; readonly reason: string }
  | {
      readonly kind: 'functionCall'
      readonly oid: number
      readonly argumentFormats: readonly number[]
      readonly arguments: readonly (Buffer | null)[]
      readonly resultFormat: number
    }
  /** PasswordMessage, SASLInitialResponse and SASLResponse share a code: only the state tells them apart. */
  | { readonly kind: 'credential'; readonly bytes: Buffer }
  | { readonly kind: 'terminate' }

/** What may come before a session: it has a length but no code. */
export type StartupMessage =
  | {
      readonly kind: 'startup'
      readonly major: number
      readonly minor: number
      readonly parameters: ReadonlyMap<string, string>
    }
  | { readonly kind: 'sslRequest' }
  | { readonly kind: 'gssEncRequest' }
  | { readonly kind: 'cancelRequest'; readonly processId: number; readonly secret: Buffer }

/** `idle` I, `active` T, `failed` E. */
export type TransactionStatus = 'idle' | 'active' | 'failed'

export interface FieldDescription {
  readonly name: string
  readonly tableOid: number
  readonly columnNumber: number
  readonly typeOid: number
  readonly typeSize: number
  readonly typeModifier: number
  readonly format: number
}

/** ErrorResponse and NoticeResponse: S severity, V the same untranslated, C SQLSTATE, M message, H hint, P position … */
export type ErrorFields = ReadonlyMap<string, string>

export type AuthenticationMessage =
  | { readonly kind: 'authenticationOk' }
  | { readonly kind: 'authenticationCleartext' }
  | { readonly kind: 'authenticationMd5'; readonly salt: Buffer }
  | { readonly kind: 'authenticationSasl'; readonly mechanisms: readonly string[] }
  | { readonly kind: 'authenticationSaslContinue'; readonly bytes: Buffer }
  | { readonly kind: 'authenticationSaslFinal'; readonly bytes: Buffer }
  | { readonly kind: 'authenticationOther'; readonly method: number }

export type ReplyMessage =
  | { readonly kind: 'parameterStatus'; readonly name: string; readonly value: string }
  | { readonly kind: 'backendKeyData'; readonly processId: number; readonly secret: Buffer }
  | { readonly kind: 'readyForQuery'; readonly status: TransactionStatus }
  | { readonly kind: 'errorResponse'; readonly fields: ErrorFields }
  | { readonly kind: 'noticeResponse'; readonly fields: ErrorFields }
  | { readonly kind: 'commandComplete'; readonly tag: string }
  | { readonly kind: 'emptyQueryResponse' }
  | { readonly kind: 'rowDescription'; readonly fields: readonly FieldDescription[] }
  | { readonly kind: 'parameterDescription'; readonly typeOids: readonly number[] }
  | { readonly kind: 'dataRow'; readonly values: readonly (Buffer | null)[] }
  | { readonly kind: 'noData' }
  | { readonly kind: 'parseComplete' }
  | { readonly kind: 'bindComplete' }
  | { readonly kind: 'closeComplete' }
  | { readonly kind: 'portalSuspended' }
  | { readonly kind: 'copyInResponse'; readonly columns?: number }
  /** Columns, all as text; what a backend says of them is not read. */
  | { readonly kind: 'copyOutResponse'; readonly columns?: number }
  | { readonly kind: 'copyDone' }
  | { readonly kind: 'functionCallResponse'; readonly value: Buffer | null }
  | {
      readonly kind: 'negotiateProtocolVersion'
      readonly minor: number
      readonly unknownOptions: readonly string[]
    }
  | {
      readonly kind: 'notificationResponse'
      readonly processId: number
      readonly channel: string
      readonly payload: string
    }

export type BackendMessage = AuthenticationMessage | ReplyMessage

/** The first byte of a frame. */
export const FRONTEND = {
  query: 0x51,
  parse: 0x50,
  bind: 0x42,
  describe: 0x44,
  execute: 0x45,
  close: 0x43,
  flush: 0x48,
  sync: 0x53,
  copyData: 0x64,
  copyDone: 0x63,
  copyFail: 0x66,
  functionCall: 0x46,
  credential: 0x70,
  terminate: 0x58,
} as const

export const BACKEND = {
  authentication: 0x52,
  parameterStatus: 0x53,
  backendKeyData: 0x4b,
  readyForQuery: 0x5a,
  errorResponse: 0x45,
  noticeResponse: 0x4e,
  commandComplete: 0x43,
  emptyQueryResponse: 0x49,
  rowDescription: 0x54,
  parameterDescription: 0x74,
  dataRow: 0x44,
  noData: 0x6e,
  parseComplete: 0x31,
  bindComplete: 0x32,
  closeComplete: 0x33,
  portalSuspended: 0x73,
  copyInResponse: 0x47,
  copyOutResponse: 0x48,
  copyBothResponse: 0x57,
  copyData: 0x64,
  copyDone: 0x63,
  functionCallResponse: 0x56,
  negotiateProtocolVersion: 0x76,
  notificationResponse: 0x41,
} as const
