import type { Role } from '@articdbm/contract'

/** Who a REST request or a socket acts for, once it was authenticated. */
export interface Actor {
  readonly userId: string
  readonly name: string
  readonly role: Role
  readonly address: string
  readonly by: 'cookie' | 'token' | 'api_key'
  /** The login row behind a cookie or an access token. */
  readonly loginId: string | undefined
  readonly expiresAt: string | undefined
  readonly csrfToken: string | undefined
  readonly mustChangePassword: boolean
}
