// What identity's routes ask of identity. The rules are in users.ts, logins.ts and api-keys.ts.
import type {
  ApiKey,
  ApiKeyCreation,
  CreatedApiKey,
  CreatedUser,
  Login,
  LoginRequest,
  Me,
  PasswordChange,
  TokenPair,
  User,
  UserChange,
  UserCreation,
  UserQuery,
} from '@articdbm/contract'
import type { Actor } from './actor.ts'

/** Who is named in the audit: a person at a door of the manager, or an operator at a terminal. */
export interface Acting {
  readonly userId: string
  readonly name: string
  readonly address: string
}

export interface Listed<T> {
  readonly items: T[]
  readonly total: number
}

export interface Users {
  list(query: UserQuery): Promise<Listed<User>>
  get(name: string): Promise<User>
  create(by: Acting, creation: UserCreation): Promise<CreatedUser>
  change(by: Acting, name: string, change: UserChange): Promise<User>
  remove(by: Acting, name: string): Promise<void>
  resetPassword(by: Acting, name: string): Promise<string>
  setPassword(by: Acting, name: string, password: string): Promise<void>
  changePassword(actor: Actor, change: PasswordChange): Promise<void>
}

export interface Visitor {
  readonly address: string
  readonly userAgent: string
}

export interface OpenedLogin {
  /** What the cookie holds. */
  readonly secret: string
  readonly me: Me
}

export interface Logins {
  open(request: LoginRequest, visitor: Visitor): Promise<OpenedLogin>
  close(actor: Actor): Promise<void>
  me(actor: Actor): Promise<Me>
  list(actor: Actor): Promise<Login[]>
  revoke(actor: Actor, id: string): Promise<void>
  issueTokens(request: LoginRequest, visitor: Visitor): Promise<TokenPair>
  refresh(refreshToken: string, visitor: Visitor): Promise<TokenPair>
  /** By a cookie's content. */
  byCookie(secret: string, address: string): Promise<Actor>
  /** By what follows `Bearer`: an access token, or an API key. */
  byBearer(credential: string, address: string): Promise<Actor>
}

export interface ApiKeys {
  list(actor: Actor): Promise<ApiKey[]>
  create(actor: Actor, creation: ApiKeyCreation): Promise<CreatedApiKey>
  revoke(actor: Actor, id: string): Promise<void>
}
