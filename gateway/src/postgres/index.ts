// postgres: the PostgreSQL door: one client session each, from accept to close.
//
// What it is: start-up, log-in, simple and extended protocol, COPY, cancel; backends of PostgreSQL and SQLite.
// What it must never do: forward a frame that was not judged and recorded, or answer one session with another's.
// Begin with session.ts, then exchange.ts; the way in is startup.ts and door.ts.
import type { Gateway, WireDoor } from '../gateway.ts'
import { PostgresDoor } from './door.ts'

export function createPostgresDoor(gateway: Gateway): WireDoor {
  return new PostgresDoor(gateway)
}
