import type { Socket } from 'node:net'
import type pg from 'pg'

/** The socket below a client, which its types don't show. */
export function streamOf(client: pg.Client): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
    .stream
}
