// application: a deliberately vulnerable web application. It shows what the database says, errors too.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asker, Row } from './ask.ts'
import { PAGES, type Page, type Source } from './pages.ts'
import { SECRET } from './tables.ts'

const MAX_BODY_BYTES = 64 * 1024

export interface Application {
  /** Without a slash at its end. */
  readonly url: string
  /** Requests whose answers had the secret in them, since they were last asked for. */
  takeLeaks(): readonly string[]
  close(): Promise<void>
}

export async function openApplication(asker: Asker): Promise<Application> {
  let leaks: string[] = []
  const server = createServer((request, response) => {
    void answer(request, asker).then(({ status, text }) => {
      if (text.includes(SECRET)) leaks.push(request.url ?? '')
      send(response, status, text)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeLeaks: () => {
      const taken = leaks
      leaks = []
      return taken
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await asker.close()
    },
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function answer(request: IncomingMessage, asker: Asker): Promise<Answer> {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const page = PAGES.find(({ path }) => path === url.pathname)
    if (!page) return { status: 404, text: 'no such page' }
    const rows = await asker.ask(page.sql(await valuesOf(page, request, url)))
    return { status: 200, text: present(rows) }
  } catch (error) {
    return { status: 500, text: `<p>error: ${(error as Error).message}</p>` }
  }
}

async function valuesOf({ source }: Page, request: IncomingMessage, url: URL) {
  const values = await READERS[source](request, url)
  return (name: string): string => String(values.get(name) ?? '')
}

type Values = { get(name: string): unknown }

const READERS: Readonly<
  Record<Source, (request: IncomingMessage, url: URL) => Values | Promise<Values>>
> = {
  query: (_request, url) => url.searchParams,
  form: async (request) => new URLSearchParams(await bodyOf(request)),
  json: async (request) => new Map(Object.entries(JSON.parse(await bodyOf(request)))),
  cookie: ({ headers }) => new Map((headers.cookie ?? '').split('; ').map(cookieOf)),
  header: ({ headers }) => new Map(Object.entries(headers)),
}

function cookieOf(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error('the body is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function present(rows: readonly Row[]): string {
  const lines = rows.map((row) => `<li>${row.map(String).join(' | ')}</li>`)
  return `<html><body><h1>${rows.length} found</h1>\n<ul>${lines.join('\n')}</ul></body></html>`
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end(text)
}
