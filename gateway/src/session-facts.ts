import type { Door } from '@articdbm/contract'

/** Who a session is for and by which way it came; made by `Identity.open` once the credential was proved. */
export interface SessionFacts {
  readonly id: string
  readonly door: Door
  /** The person's real address: through PROXY protocol or a one-time token, else the socket's. */
  readonly address: string
  readonly application: string
  readonly principal: { readonly id: string; readonly name: string; readonly role: string }
  readonly databaseId: string
  /** A connection test: it may only ask whether the backend answers. */
  readonly isProbe: boolean
}
