import type { PoolFigures } from '../pool/pool.ts'
import type { Client } from './client.ts'
import { noticeResponse } from './refusal.ts'

/** Shorter waits are none that anybody would ask about. */
const PATIENCE_MS = 1_000

/** While `waiting` waits in a pool's line, nothing of an answer is under way: its client is told once why nothing comes. */
export async function tellOfWait<T>(
  client: Client,
  pool: { readonly figures: PoolFigures },
  waiting: Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => client.writeNow(noticeOf(pool.figures)), PATIENCE_MS)
  try {
    return await waiting
  } finally {
    clearTimeout(timer)
  }
}

function noticeOf({ waiting, leased }: PoolFigures): Buffer {
  return noticeResponse('NOTICE', '00000', {
    message: 'waiting for a connection to the database',
    detail: `${leased} connections are in use, and ${waiting} sessions wait for one.`,
  })
}
