// `npm run screenshots`: a PNG of each page, light and dark, wide and narrow, of a product that starts for it.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { Product } from '../support/product.ts'
import {
  execute,
  type Look,
  launchBrowser,
  logIn,
  openPage,
  skipWithoutChromium,
} from './browser.ts'

const FOLDER = resolve(import.meta.dirname, '../../docs/screenshots')
const SETTLE_MS = 1_500

const LOOKS: readonly Required<Look>[] = [
  { scheme: 'light', width: 1280, height: 860 },
  { scheme: 'dark', width: 1280, height: 860 },
  { scheme: 'light', width: 400, height: 800 },
]

const PAGES = {
  dashboard: '/',
  'sql-files': '/sql-files',
  databases: '/databases',
  audit: '/audit',
  users: '/users',
  grants: '/grants',
  account: '/account',
} as const

async function main(): Promise<void> {
  const missing = skipWithoutChromium()
  if (missing) throw new Error(missing)
  await mkdir(FOLDER, { recursive: true })
  const product = await Product.start({ withWebui: true, withShop: true })
  const browser = await launchBrowser()
  try {
    await liveALittle(product)
    for (const look of LOOKS) await takeAll(browser, product, look)
  } finally {
    await browser.close()
    await product.stop()
  }
  console.log(`the pages are in ${FOLDER}`)
}

/** Something to see: people, grants, statements, and a refusal. */
async function liveALittle(product: Product): Promise<void> {
  const rest = await product.login()
  await product.addPerson('ada', [{ database: 'shop', table: 'orders', actions: ['read'] }])
  await rest.data('POST', 'api-keys', { name: 'nightly report' })
  const ada = await product.login({ name: 'ada', password: product.owner.password })
  for (const table of ['orders', 'orders', 'customers'])
    await ada.post('databases/shop/query', { sql: `select * from ${table} limit 20` })
}

async function takeAll(browser: Browser, product: Product, look: Required<Look>): Promise<void> {
  const { page } = await openPage(browser, product, look)
  const shot = (name: string) => take(page, `${name}-${look.scheme}-${look.width}`)
  await page.goto('/login')
  await shot('login')
  await logIn(page, product.owner)
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(path)
    await shot(name)
  }
  await page.goto('/console?database=shop')
  await execute(
    page,
    'select id, status, ordered_at, total\nfrom order_totals\norder by total desc',
  )
  await shot('console')
  await page.goto('/audit?verdict=block')
  await page.locator('tbody button').first().click()
  await shot('denial')
  await page.context().close()
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(SETTLE_MS)
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
}

await main()
