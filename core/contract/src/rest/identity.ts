// People, their logins and their keys.
import { type Static, Type } from 'typebox'
import { UserPooling } from '../snapshot.ts'
import { Instant, Role, UserName } from '../vocabulary.ts'
import { PageQuery } from './envelope.ts'

const STRICT = { additionalProperties: false } as const
const Maybe = Type.Union([Instant, Type.Null()])

export const MIN_PASSWORD_LENGTH = 12
export const MAX_PASSWORD_LENGTH = 1024

const NewPassword = Type.String({ minLength: MIN_PASSWORD_LENGTH, maxLength: MAX_PASSWORD_LENGTH })
const GivenPassword = Type.String({ minLength: 1, maxLength: MAX_PASSWORD_LENGTH })
const DisplayName = Type.String({ maxLength: 120 })

export const User = Type.Object(
  {
    id: Type.String(),
    name: UserName,
    displayName: DisplayName,
    role: Role,
    isActive: Type.Boolean(),
    mustChangePassword: Type.Boolean(),
    validUntil: Maybe,
    /** Empty: as each database says. */
    pooling: UserPooling,
    createdAt: Instant,
    updatedAt: Instant,
    /** Rises with each change; send it back with a change to be told of somebody else's. */
    version: Type.Integer(),
  },
  { title: 'User' },
)
export type User = Static<typeof User>

export const UserCreation = Type.Object(
  {
    name: UserName,
    displayName: Type.Optional(DisplayName),
    role: Role,
    /** Left out: a one-time password is made and shown once. */
    password: Type.Optional(NewPassword),
    validUntil: Type.Optional(Maybe),
  },
  { ...STRICT, title: 'UserCreation' },
)
export type UserCreation = Static<typeof UserCreation>

export const CreatedUser = Type.Object(
  {
    user: User,
    /** Shown only now; null when a password was given. */
    oneTimePassword: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'CreatedUser' },
)
export type CreatedUser = Static<typeof CreatedUser>

export const UserChange = Type.Object(
  {
    displayName: Type.Optional(DisplayName),
    role: Type.Optional(Role),
    isActive: Type.Optional(Type.Boolean()),
    validUntil: Type.Optional(Maybe),
    /** Instead of what was there: what is left out is as each database says again. */
    pooling: Type.Optional(UserPooling),
    version: Type.Optional(Type.Integer()),
  },
  { ...STRICT, minProperties: 1, title: 'UserChange' },
)
export type UserChange = Static<typeof UserChange>

export const UserQuery = Type.Object({
  ...PageQuery.properties,
  /** Part of the name or the display name. */
  search: Type.Optional(Type.String({ maxLength: 100 })),
})
export type UserQuery = Static<typeof UserQuery>

export const LoginRequest = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 63 }), password: GivenPassword },
  { ...STRICT, title: 'LoginRequest' },
)
export type LoginRequest = Static<typeof LoginRequest>

export const Me = Type.Object(
  {
    user: User,
    /** What this person's role allows, as `resource:action`. */
    permissions: Type.Array(Type.String()),
    /** How this request was authenticated. */
    by: Type.Union([Type.Literal('cookie'), Type.Literal('token'), Type.Literal('api_key')]),
    /** Send it as `x-articdbm-csrf` with every unsafe request that is authenticated by the cookie. */
    csrfToken: Type.Union([Type.String(), Type.Null()]),
    expiresAt: Maybe,
  },
  { title: 'Me' },
)
export type Me = Static<typeof Me>

export const PasswordChange = Type.Object(
  { currentPassword: GivenPassword, newPassword: NewPassword },
  { ...STRICT, title: 'PasswordChange' },
)
export type PasswordChange = Static<typeof PasswordChange>

export const OneTimePassword = Type.Object(
  { oneTimePassword: Type.String() },
  { title: 'OneTimePassword' },
)
export type OneTimePassword = Static<typeof OneTimePassword>

export const TokenPair = Type.Object(
  {
    accessToken: Type.String(),
    tokenType: Type.Literal('Bearer'),
    expiresInSeconds: Type.Integer(),
    /** Works once: each refresh gives a new one. */
    refreshToken: Type.String(),
    refreshExpiresInSeconds: Type.Integer(),
    mustChangePassword: Type.Boolean(),
  },
  { title: 'TokenPair' },
)
export type TokenPair = Static<typeof TokenPair>

export const RefreshRequest = Type.Object(
  { refreshToken: Type.String({ minLength: 10, maxLength: 200 }) },
  { ...STRICT, title: 'RefreshRequest' },
)
export type RefreshRequest = Static<typeof RefreshRequest>

export const Login = Type.Object(
  {
    id: Type.String(),
    kind: Type.Union([Type.Literal('web'), Type.Literal('token')]),
    address: Type.String(),
    userAgent: Type.String(),
    createdAt: Instant,
    lastSeenAt: Instant,
    expiresAt: Instant,
    isCurrent: Type.Boolean(),
  },
  { title: 'Login' },
)
export type Login = Static<typeof Login>

export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    user: UserName,
    /** The key's first characters, to tell keys apart. */
    prefix: Type.String(),
    createdAt: Instant,
    validUntil: Maybe,
    lastUsedAt: Maybe,
    revokedAt: Maybe,
  },
  { title: 'ApiKey' },
)
export type ApiKey = Static<typeof ApiKey>

export const ApiKeyCreation = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    validUntil: Type.Optional(Maybe),
  },
  { ...STRICT, title: 'ApiKeyCreation' },
)
export type ApiKeyCreation = Static<typeof ApiKeyCreation>

export const CreatedApiKey = Type.Object(
  {
    apiKey: ApiKey,
    /** `adbm_…`, shown only now. */
    key: Type.String(),
  },
  { title: 'CreatedApiKey' },
)
export type CreatedApiKey = Static<typeof CreatedApiKey>
