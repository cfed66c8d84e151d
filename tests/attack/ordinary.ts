// What ordinary visitors ask for: names with quotes, per cents and words of SQL, and pages that sort, search and write.

export interface Visit {
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly shows: RegExp
}

const query = (path: string, values: Record<string, string>): string =>
  `${path}?${new URLSearchParams(values)}`
const form = (path: string, values: Record<string, string>): Visit => ({
  ...{ path, body: String(new URLSearchParams(values)), shows: /found/ },
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

export const ORDINARY: readonly Visit[] = [
  { path: query('/customer', { name: 'Grace' }), shows: /1 \| Grace \| Union City/ },
  { path: query('/customer', { name: 'Select & Sons' }), shows: /4 \| Select/ },
  { path: query('/customer', { name: 'Drop Table Tennis' }), shows: /6 \| Drop/ },
  { path: query('/customer', { name: 'Ann -- Lee' }), shows: /7 \| Ann/ },
  { path: query('/customer', { name: '' }), shows: /0 found/ },
  { path: query('/person', { name: "O'Brien" }), shows: /3 \| O'Brien/ },
  { path: query('/person', { name: "' OR '1'='1" }), shows: /0 found/ },
  { path: query('/order', { id: '1' }), shows: /1 \| open \| 10/ },
  { path: query('/order', { id: '-1' }), shows: /0 found/ },
  { path: query('/order', { id: ' 2 ' }), shows: /2 \| paid \| 20/ },
  { path: query('/orders', { sort: 'id' }), shows: /3 found/ },
  { path: query('/orders', { sort: 'total DESC' }), shows: /3 \| open \| 30<\/li>\n/ },
  { path: query('/orders', { sort: '2, 1' }), shows: /3 found/ },
  { path: query('/search', { q: 'ann' }), shows: /found/ },
  { path: query('/search', { q: '100%' }), shows: /5 \| 100% Wool/ },
  { path: query('/search', { q: 'select' }), shows: /found/ },
  { path: query('/search', { q: 'union city; or where' }), shows: /0 found/ },
  { path: query('/list', { ids: '1,2,3' }), shows: /3 found/ },
  { path: query('/list', { ids: '4' }), shows: /4 \| sent/ },
  { path: query('/newest', { count: '2' }), shows: /2 found/ },
  { path: query('/report', { column: 'name' }), shows: /7 found/ },
  { path: query('/report', { column: 'name, city' }), shows: /7 found/ },
  { path: '/basket', headers: { cookie: 'token=c2Vzc2lvbg' }, shows: /pencil \| 3/ },
  { path: '/visits', headers: { 'x-forwarded-for': '192.0.2.7' }, shows: /prices/ },
  {
    ...{ path: '/filter', body: '{"city":"Paris","below":9}', shows: /2 found/ },
    headers: { 'content-type': 'application/json' },
  },
  form('/comment', { author: 'ann', text: 'I like -- and /* this */; select me or not' }),
  form('/comment', { author: 'Union', text: '50 % off, 1 = 1 and more' }),
  form('/profile', { id: '1', bio: 'Where I come from: x = y' }),
  { ...form('/login', { name: 'grace', password: 'cobol 1959' }), shows: /1 \| grace/ },
  { ...form('/login', { name: 'grace', password: 'admin' }), shows: /0 found/ },
]

export async function visit(
  url: string,
  { path, body, headers = {} }: Visit,
): Promise<{ readonly status: number; readonly text: string }> {
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body }) })
  return { status: answer.status, text: await answer.text() }
}
