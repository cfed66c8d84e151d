// What applications of three kinds send, made up: pages with filters that come and go, lists of any length, bulk inserts, searches.
import type { Dialect } from '@articdbm/contract'

export interface Traffic {
  readonly application: string
  readonly dialect: Dialect
  readonly statements: readonly string[]
}

type Random = () => number

/** The same numbers for the same seed, 0 to 1. */
export function randomFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const TEXTS = [
  'summer',
  "O''Brien",
  'union city',
  '50 % off',
  'select a plan',
  '',
  'Zürich',
  '1 or 2',
]

class Pen {
  readonly #random: Random
  constructor(random: Random) {
    this.#random = random
  }
  number = (): string => `${Math.floor(this.#random() * 100_000)}`
  text = (): string => `'${this.one(TEXTS)}'`
  like = (): string => `'%${this.one(TEXTS)}%'`
  one = <T>(of: readonly T[]): T => of[Math.floor(this.#random() * of.length)] as T
  maybe = (text: string): string => (this.#random() < 0.5 ? text : '')
  list = (item: () => string): string =>
    Array.from({ length: 1 + Math.floor(this.#random() * 12) }, item).join(', ')
}

type Page = (pen: Pen) => string

const BLOG: readonly Page[] = [
  (p) =>
    `SELECT SQL_CALC_FOUND_ROWS wp_posts.ID FROM wp_posts WHERE 1=1${p.maybe(` AND (wp_posts.post_title LIKE ${p.like()} OR wp_posts.post_content LIKE ${p.like()})`)} AND wp_posts.post_type = 'post' AND (wp_posts.post_status = 'publish'${p.maybe(" OR wp_posts.post_status = 'private'")})${p.maybe(` AND wp_posts.post_author = ${p.number()}`)} ORDER BY wp_posts.post_date DESC LIMIT ${p.number()}, 10`,
  (p) => `SELECT * FROM wp_posts WHERE ID = ${p.number()} LIMIT 1`,
  (p) => `SELECT wp_posts.* FROM wp_posts WHERE ID IN (${p.list(p.number)})`,
  (p) =>
    `SELECT post_id, meta_key, meta_value FROM wp_postmeta WHERE post_id IN (${p.list(p.number)}) ORDER BY meta_id ASC`,
  (p) =>
    `SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id INNER JOIN wp_term_relationships AS tr ON tr.term_taxonomy_id = tt.term_taxonomy_id WHERE tt.taxonomy IN ('category', 'post_tag') AND tr.object_id IN (${p.list(p.number)}) ORDER BY t.name ASC`,
  (p) => `SELECT option_value FROM wp_options WHERE option_name = ${p.text()} LIMIT 1`,
  (p) =>
    `UPDATE \`wp_options\` SET \`option_value\` = ${p.text()} WHERE \`option_name\` = ${p.text()}`,
  (p) =>
    `INSERT INTO \`wp_comments\` (\`comment_post_ID\`, \`comment_author\`, \`comment_content\`) VALUES (${p.number()}, ${p.text()}, ${p.text()})`,
  (p) => `SELECT * FROM wp_users WHERE user_login = ${p.text()} LIMIT 1`,
  (p) => `DELETE FROM \`wp_postmeta\` WHERE meta_id IN (${p.list(p.number)})`,
]

const WIKI: readonly Page[] = [
  (p) =>
    `SELECT /* WikiPage::pageData */ page_id,page_namespace,page_title,page_latest FROM \`page\` WHERE page_namespace = ${p.number()} AND page_title = ${p.text()} LIMIT 1`,
  (p) =>
    `SELECT /* LinkCache::fetchPageRow */ page_id,page_len FROM \`page\` WHERE page_namespace = ${p.number()} AND page_title IN (${p.list(p.text)})`,
  (p) =>
    `SELECT rev_id,rev_page,rev_timestamp,actor_name FROM \`revision\` JOIN \`actor\` ON ((actor_id=rev_actor)) WHERE rev_page = ${p.number()}${p.maybe(` AND (rev_timestamp < ${p.text()})`)}${p.maybe(' AND ((rev_deleted & 4) = 0)')} ORDER BY rev_timestamp DESC,rev_id DESC LIMIT 51`,
  (p) =>
    `SELECT rc_id,rc_timestamp,rc_title FROM \`recentchanges\` WHERE (rc_timestamp >= ${p.text()})${p.maybe(' AND rc_bot = 0')}${p.maybe(` AND rc_namespace IN (${p.list(p.number)})`)} ORDER BY rc_timestamp DESC LIMIT 50`,
  (p) => `UPDATE \`page\` SET page_touched = ${p.text()} WHERE page_id = ${p.number()}`,
  (p) =>
    `INSERT INTO \`pagelinks\` (pl_from,pl_namespace,pl_title) VALUES ${p.list(() => `(${p.number()},${p.number()},${p.text()})`)}`,
  (p) => `SELECT user_id,user_name FROM \`user\` WHERE user_name = ${p.text()} LIMIT 1`,
]

const SHOP: readonly Page[] = [
  (p) =>
    `SELECT "shop_order"."id", "shop_order"."total" FROM "shop_order" WHERE (${[`"shop_order"."status" = ${p.text()}`, p.maybe(`"shop_order"."customer_id" = ${p.number()}`), p.maybe(`"shop_order"."created" >= ${p.text()}::timestamptz`)].filter(Boolean).join(' AND ')}) ORDER BY "shop_order"."created" DESC LIMIT ${p.number()}${p.maybe(` OFFSET ${p.number()}`)}`,
  (p) =>
    `SELECT COUNT(*) AS "__count" FROM "shop_order" WHERE "shop_order"."customer_id" = ${p.number()}`,
  (p) =>
    `SELECT "auth_user"."id", "auth_user"."username" FROM "auth_user" WHERE "auth_user"."username" = ${p.text()} LIMIT 21`,
  (p) =>
    `SELECT "shop_item"."id", "shop_item"."name" FROM "shop_item" INNER JOIN "shop_order_items" ON ("shop_item"."id" = "shop_order_items"."item_id") WHERE "shop_order_items"."order_id" IN (${p.list(p.number)})`,
  (p) =>
    `SELECT "shop_item"."id" FROM "shop_item" WHERE (UPPER("shop_item"."name"::text) LIKE UPPER(${p.like()}) OR UPPER("shop_item"."text"::text) LIKE UPPER(${p.like()}))${p.maybe(` AND "shop_item"."price" <= ${p.number()}`)} ORDER BY "shop_item"."name" ASC LIMIT 20`,
  (p) =>
    `UPDATE "shop_order" SET "status" = ${p.text()}, "total" = ${p.number()} WHERE "shop_order"."id" = ${p.number()}`,
  (p) =>
    `INSERT INTO "shop_order" ("customer_id", "status", "total") VALUES ${p.list(() => `(${p.number()}, ${p.text()}, ${p.number()})`)} RETURNING "shop_order"."id"`,
  (p) => `DELETE FROM "django_session" WHERE "django_session"."session_key" IN (${p.list(p.text)})`,
  (p) => `SELECT (1) AS "a" FROM "shop_item" WHERE "shop_item"."id" = ${p.number()} LIMIT 1`,
]

const APPLICATIONS = [
  { application: 'blog', dialect: 'mysql', pages: BLOG },
  { application: 'wiki', dialect: 'mysql', pages: WIKI },
  { application: 'shop', dialect: 'postgres', pages: SHOP },
] as const

/** `count` statements of each application. */
export function makeTraffic(count: number, seed: number): readonly Traffic[] {
  return APPLICATIONS.map(({ application, dialect, pages }) => {
    const pen = new Pen(randomFrom(seed))
    const statements = Array.from({ length: count }, () => pen.one(pages)(pen))
    return { application, dialect, statements }
  })
}
