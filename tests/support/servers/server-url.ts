const VARIABLES = {
  postgres: 'TEST_POSTGRES_URL',
  mariadb: 'TEST_MARIADB_URL',
  galera: 'TEST_GALERA_URLS',
  redis: 'TEST_REDIS_URL',
  chromium: 'TEST_CHROMIUM',
} as const

export type ServerName = keyof typeof VARIABLES

/** What a test needs, or why it can't be had: `{ url, skip: false }` or `{ url: '', skip: 'reason' }`. */
export interface ServerUrl {
  readonly url: string
  readonly skip: string | false
}

/** `test('…', { skip: serverUrl('postgres').skip }, …)`; Galera's are separated by commas. */
export function serverUrl(name: ServerName): ServerUrl {
  const variable = VARIABLES[name]
  const url = process.env[variable] ?? ''
  return { url, skip: url === '' ? `needs ${variable}: \`make test\` starts that server` : false }
}
