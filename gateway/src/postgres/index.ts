// postgres: the PostgreSQL door: one client session each, from accept to close.
//
// What it is: start-up, log-in, simple and extended protocol, COPY, cancel; backends of PostgreSQL and SQLite.
// What it must never do: forward a frame that was not judged and recorded, or answer one session with another's.
// Begin with session.ts, then exchange.ts; the way in is startup.ts and door.ts.
import type { Gateway, WireDoor } from '../gateway.ts'
import { PostgresDoor } from './door.ts'

/** `version`: what clients are told the server is, '' for what each server says itself. */
export function createPostgresDoor(gateway: Gateway, version = ''): WireDoor {
  return new PostgresDoor(gateway, version || undefined)
}
