import { type Constant, constantOf, shortText } from '../session/constants.ts'
import type { SessionSide } from '../session/executor.ts'

/** Facts of the session beside CONNECTION_ID() are told as the gateway knows them; settings are the backend's. */
const ASKED = /^select\s(?=[^@]*\bconnection_id\s*\(\s*\))[^@]*$/is

/** KILL takes the gateway's ids, so these are the ones to tell. Undefined: the text asks for something else. */
export function connectionIdAnswer(text: string, session: SessionSide): Constant | undefined {
  const short = shortText(text)
  if (short === undefined || !ASKED.test(short)) return undefined
  return constantOf(short, {
    connectionId: session.connectionId,
    user: session.facts.principal.name,
    version: session.serverVersion,
    database: session.gateway.database(session.facts.databaseId)?.name,
  })
}
