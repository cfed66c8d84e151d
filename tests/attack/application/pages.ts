// pages: each puts what it was given into its SQL as it is. That is the fault that this application exists for.

/** Where a page's values come from. */
export type Source = 'query' | 'form' | 'json' | 'cookie' | 'header'

export interface Page {
  readonly path: string
  readonly source: Source
  /** The statement; `given` tells a value by its name, '' when there is none. */
  readonly sql: (given: (name: string) => string) => string
}

export const PAGES: readonly Page[] = [
  {
    path: '/customer',
    source: 'query',
    sql: (given) => `SELECT id, name, city FROM customers WHERE name = '${given('name')}'`,
  },
  {
    path: '/order',
    source: 'query',
    sql: (given) => `SELECT id, status, total FROM orders WHERE id = ${given('id')}`,
  },
  {
    path: '/orders',
    source: 'query',
    sql: (given) =>
      `SELECT id, status, total FROM orders WHERE total > 5 ORDER BY ${given('sort')}`,
  },
  {
    path: '/search',
    source: 'query',
    sql: (given) => `SELECT id, name, city FROM customers
      WHERE (city <> '' AND name LIKE '%${given('q')}%') ORDER BY id LIMIT 20`,
  },
  {
    path: '/list',
    source: 'query',
    sql: (given) => `SELECT id, status FROM orders WHERE id IN (${given('ids')}) ORDER BY id`,
  },
  {
    path: '/newest',
    source: 'query',
    sql: (given) => `SELECT id, status FROM orders ORDER BY id DESC LIMIT ${given('count')}`,
  },
  {
    path: '/report',
    source: 'query',
    sql: (given) => `SELECT id, ${given('column')} FROM customers ORDER BY id`,
  },
  {
    path: '/basket',
    source: 'cookie',
    sql: (given) => `SELECT item, amount FROM baskets WHERE token = '${given('token')}'`,
  },
  {
    path: '/visits',
    source: 'header',
    sql: (given) => `SELECT id, page FROM visits WHERE address = '${given('x-forwarded-for')}'`,
  },
  {
    path: '/filter',
    source: 'json',
    sql: (given) => `SELECT id, name FROM customers
      WHERE city = '${given('city')}' AND id < ${given('below')} ORDER BY id`,
  },
  {
    path: '/comment',
    source: 'form',
    sql: (given) =>
      `INSERT INTO comments (author, text) VALUES ('${given('author')}', '${given('text')}')`,
  },
  {
    path: '/profile',
    source: 'form',
    sql: (given) => `UPDATE profiles SET bio = '${given('bio')}' WHERE id = ${given('id')}`,
  },
  {
    path: '/login',
    source: 'form',
    sql: (given) => `SELECT id, name FROM people
      WHERE name = '${given('name')}' AND password = '${given('password')}'`,
  },
  {
    // The one page that doubles quotes, for names such as O'Brien.
    path: '/person',
    source: 'query',
    sql: (given) =>
      `SELECT id, name, city FROM customers WHERE name = '${given('name').replaceAll("'", "''")}'`,
  },
]
