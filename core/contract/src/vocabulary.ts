// The words that every room shares. One word for one thing: docs/GLOSSARY.md.
import { type Static, Type } from 'typebox'

declare const brand: unique symbol
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type PrincipalId = Brand<string, 'PrincipalId'>
export type DatabaseId = Brand<string, 'DatabaseId'>

/** What kind of server, or file, a database is. */
export const Engine = Type.Union([
  Type.Literal('postgres'),
  Type.Literal('mysql'),
  Type.Literal('mariadb'),
  Type.Literal('galera'),
  Type.Literal('sqlite'),
])
export type Engine = Static<typeof Engine>

/** The grammar that a statement for an engine is read by. */
export const Dialect = Type.Union([
  Type.Literal('postgres'),
  Type.Literal('mysql'),
  Type.Literal('sqlite'),
])
export type Dialect = Static<typeof Dialect>

export function dialectOf(engine: Engine): Dialect {
  return engine === 'postgres' || engine === 'sqlite' ? engine : 'mysql'
}

/** By which way a statement came in. Console and REST pass through a wire door with a one-time token. */
export const Door = Type.Union([
  Type.Literal('postgres'),
  Type.Literal('mysql'),
  Type.Literal('rest'),
  Type.Literal('console'),
])
export type Door = Static<typeof Door>

/** read = SELECT, SHOW, DESCRIBE, EXPLAIN; write = INSERT, UPDATE, DELETE, MERGE; admin = DDL, GRANT. */
export const Action = Type.Union([
  Type.Literal('read'),
  Type.Literal('write'),
  Type.Literal('admin'),
])
export type Action = Static<typeof Action>

export const Role = Type.Union([
  Type.Literal('admin'),
  Type.Literal('maintainer'),
  Type.Literal('viewer'),
])
export type Role = Static<typeof Role>

/** An instant in UTC, RFC 3339 with milliseconds: 2026-01-31T12:00:00.000Z */
export const Instant = Type.String({ format: 'date-time', maxLength: 40 })

/** What a client types to name a database or a person: letters, digits, `_`, `.`, `-`, and `@` for people. */
export const DatabaseName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,62}$' })
export const UserName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.@-]{0,62}$' })
