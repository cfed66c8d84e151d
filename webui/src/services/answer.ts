import { failureFrom } from './failure.ts'

interface Reply<Body> {
  readonly data?: Body | undefined
  readonly error: unknown
  readonly response?: Response | undefined
}

/** The whole body of a success; a refusal or silence is thrown as RequestFailed. */
export async function answerWhole<Body>(reply: Promise<Reply<Body>>): Promise<Body> {
  const { data: body, error, response } = await reply
  if (body === undefined || error !== undefined) throw failureFrom(error, response)
  return body
}

/** What a success is about, out of its envelope. */
export async function answer<Content>(
  reply: Promise<Reply<{ readonly data: Content }>>,
): Promise<Content> {
  return (await answerWhole(reply)).data
}
