// A REST client for tests: sends a bearer token, gives back status and body.

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  readonly body: any
}

export class Rest {
  readonly #base: string
  /** The access token, for sockets. */
  readonly token: string
  constructor(base: string, token = '') {
    this.#base = base
    this.token = token
  }

  /** A client that is logged in. */
  static async login(base: string, name: string, password: string): Promise<Rest> {
    const { status, body } = await new Rest(base).post('auth/token', { name, password })
    if (status !== 200) throw new Error(`log-in of ${name}: ${status} ${JSON.stringify(body)}`)
    return new Rest(base, body.data.accessToken)
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path)
  }

  post(path: string, body: object = {}): Promise<Answer> {
    return this.call('POST', path, body)
  }

  async call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.#base}/api/v1/${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(60_000),
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  /** The answer's `data`, or an error that shows what was answered instead. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  async data(method: string, path: string, body?: object): Promise<any> {
    const answer = await this.call(method, path, body)
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    }
    return answer.body?.data
  }
}
