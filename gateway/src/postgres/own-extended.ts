// Executes of statements that the gateway answers itself, before anything of their request goes to a backend.
import { FeatureNotSupported } from '@articdbm/contract'
import { encodeBackend, type TransactionStatus } from '@articdbm/wire/postgres'
import type { SessionRoute } from '../route/session-route.ts'
import { type Admitted, undoAll } from './extended.ts'
import { PostgresFault } from './fault.ts'
import { answerPosition } from './position.ts'
import { endAll, type Recorded, type RecordedOne } from './recording.ts'
import { sqlStateOf } from './refusal.ts'

/** The same with their answers in it; where one fails, that one and what comes behind it is refused. */
export async function answerOwn(
  recorded: Recorded,
  route: SessionRoute,
  status: TransactionStatus,
): Promise<Recorded> {
  const executes = recorded.admitted.filter(({ admitted }) => admitted.judged)
  const own = executes.find(({ admitted }) => admitted.statement?.own)
  if (!own) return recorded
  const answer = executes.length > 1 ? notAlone() : await answerTo(own.admitted, route, status)
  if (!Buffer.isBuffer(answer)) return refusedFrom(recorded, own, answer)
  endAll(own.tickets, '')
  const answered = { admitted: { ...own.admitted, answer }, tickets: [] }
  return { ...recorded, admitted: recorded.admitted.map((one) => (one === own ? answered : one)) }
}

/** The message of an Execute's answer, or why there is none. */
async function answerTo(
  { judged }: Admitted,
  route: SessionRoute,
  status: TransactionStatus,
): Promise<unknown> {
  if (status === 'failed') return aborted()
  const done = judged && (await answerPosition(judged.analysis.statements, route))
  if (!done || done.failure !== undefined) return done?.failure
  const [, ...rows] = done.rows ?? []
  return Buffer.concat([...rows, encodeBackend({ kind: 'commandComplete', tag: done.tag })])
}

/** What would be executed before it is left out with it: nothing of a refused request runs. */
function refusedFrom({ admitted }: Recorded, own: RecordedOne, refused: unknown): Recorded {
  const at = admitted.indexOf(own)
  const kept = admitted.filter((one, index) => index < at && !one.admitted.judged)
  const dropped = admitted.filter((one) => !kept.includes(one))
  for (const { tickets } of dropped) endAll(tickets, sqlStateOf(refused))
  undoAll(dropped.map((one) => one.admitted))
  return { admitted: kept, refused }
}

/** What comes before it in a request hasn't been executed yet, so it couldn't tell of that. */
function notAlone(): FeatureNotSupported {
  return new FeatureNotSupported('articdbm.position is told and set alone, between two Syncs')
}

function aborted(): PostgresFault {
  const why = 'current transaction is aborted, commands ignored until end of transaction block'
  return new PostgresFault('25P02', why)
}
