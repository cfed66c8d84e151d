// Statements over REST and over the console's socket. Both pass through a gateway's door.
import { type Static, Type } from 'typebox'

const STRICT = { additionalProperties: false } as const

export const MAX_QUERY_CHARACTERS = 1_000_000

/** Exact numbers come as strings, times as the server prints them, bytes as `{"base64": …}`. */
export const Cell = Type.Union(
  [
    Type.String(),
    Type.Number(),
    Type.Boolean(),
    Type.Null(),
    Type.Object({ base64: Type.String() }),
  ],
  { title: 'Cell' },
)
export type Cell = Static<typeof Cell>

export const Column = Type.Object(
  {
    name: Type.String(),
    /** The backend's word: int4, numeric, VARCHAR, BLOB … */
    type: Type.String(),
    kind: Type.Union([
      Type.Literal('text'),
      Type.Literal('number'),
      Type.Literal('boolean'),
      Type.Literal('bytes'),
      Type.Literal('time'),
      Type.Literal('json'),
    ]),
  },
  { title: 'Column' },
)
export type Column = Static<typeof Column>

export const QueryRequest = Type.Object(
  {
    sql: Type.String({ minLength: 1, maxLength: MAX_QUERY_CHARACTERS }),
    /** For one statement only, in the dialect's own placeholders ($1 or ?). */
    parameters: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
        maxItems: 1000,
      }),
    ),
    maxRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000, default: 30_000 })),
  },
  { ...STRICT, title: 'QueryRequest' },
)
export type QueryRequest = Static<typeof QueryRequest>

/** Of the last statement, when the text holds several. */
export const QueryResult = Type.Object(
  {
    columns: Type.Array(Column),
    rows: Type.Array(Type.Array(Cell)),
    /** There were more rows than `maxRows`. */
    isTruncated: Type.Boolean(),
    /** Rows changed; null where the statement returns rows. */
    affected: Type.Union([Type.Integer(), Type.Null()]),
    /** The door's word on completion: `SELECT 3`, `OK`. */
    tag: Type.String(),
    statements: Type.Integer(),
    durationMs: Type.Number(),
    notices: Type.Array(Type.String()),
  },
  { title: 'QueryResult' },
)
export type QueryResult = Static<typeof QueryResult>

const RequestId = Type.String({ minLength: 1, maxLength: 64 })

/** Browser to manager. The first message must be `hello` where no cookie came with the socket. */
export const ConsoleRequest = Type.Union([
  Type.Object({ type: Type.Literal('hello'), token: Type.String({ maxLength: 4000 }) }, STRICT),
  Type.Object(
    {
      type: Type.Literal('run'),
      id: RequestId,
      /** One connection a tab and database, kept while the socket is open: transactions work. */
      tab: Type.Optional(Type.String({ maxLength: 64 })),
      database: Type.String({ minLength: 1, maxLength: 63 }),
      sql: Type.String({ minLength: 1, maxLength: MAX_QUERY_CHARACTERS }),
      pageRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 500 })),
    },
    STRICT,
  ),
  /** Asks for the next page of rows. */
  Type.Object({ type: Type.Literal('more'), id: RequestId }, STRICT),
  Type.Object({ type: Type.Literal('cancel'), id: RequestId }, STRICT),
  /** Ends the tab's connection; an open transaction rolls back. */
  Type.Object({ type: Type.Literal('close'), tab: Type.String({ maxLength: 64 }) }, STRICT),
])
export type ConsoleRequest = Static<typeof ConsoleRequest>

export const TransactionState = Type.Union([
  Type.Literal('idle'),
  Type.Literal('active'),
  Type.Literal('failed'),
  Type.Literal('unknown'),
])
export type TransactionState = Static<typeof TransactionState>

/**
 * Manager to browser. For each statement of a run, in order: `statement`, then `columns` and `rows` where there are
 * any, then `complete`; or `error`, which ends the run. `finished` is always a run's last message.
 */
export const ConsoleMessage = Type.Union([
  Type.Object({ type: Type.Literal('ready'), user: Type.String() }),
  Type.Object({
    type: Type.Literal('statement'),
    id: RequestId,
    /** From 0; `start` and `end` are UTF-16 offsets in the text of the run. */
    index: Type.Integer(),
    start: Type.Integer(),
    end: Type.Integer(),
  }),
  Type.Object({
    type: Type.Literal('columns'),
    id: RequestId,
    index: Type.Integer(),
    columns: Type.Array(Column),
  }),
  Type.Object({
    type: Type.Literal('rows'),
    id: RequestId,
    index: Type.Integer(),
    rows: Type.Array(Type.Array(Cell)),
    /** True: ask with `more` for the next page; the backend waits meanwhile. */
    hasMore: Type.Boolean(),
  }),
  Type.Object({
    type: Type.Literal('complete'),
    id: RequestId,
    index: Type.Integer(),
    tag: Type.String(),
    rows: Type.Integer(),
    durationMs: Type.Number(),
  }),
  Type.Object({
    type: Type.Literal('notice'),
    id: RequestId,
    severity: Type.String(),
    message: Type.String(),
  }),
  Type.Object({
    type: Type.Literal('error'),
    /** '' when the message itself could not be read. */
    id: Type.String(),
    index: Type.Integer(),
    /** SQLSTATE, MySQL errno, or a code of ours such as `statement_blocked`. */
    code: Type.String(),
    message: Type.String(),
    /** UTF-16 offset in the text of the run, where the door said one. */
    position: Type.Union([Type.Integer(), Type.Null()]),
    hint: Type.String(),
    rule: Type.String(),
    verdictId: Type.String(),
  }),
  Type.Object({
    type: Type.Literal('finished'),
    id: RequestId,
    transaction: TransactionState,
    durationMs: Type.Number(),
  }),
])
export type ConsoleMessage = Static<typeof ConsoleMessage>
