// Learning through the web UI: an application is learnt, its habits are looked at, promoted and denied.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { addTestDatabase, type TestDatabase } from '../support/databases.ts'
import { Product } from '../support/product.ts'
import type { Rest } from '../support/rest.ts'
import { launchBrowser, logIn, openPage, skipWithoutChromium } from './browser.ts'

const DATABASE = 'learnt_ui'
const TEST_TIMEOUT_MS = 90_000
const TOTALS = 'SELECT total FROM orders WHERE id = 1'
const STATES = "SELECT id FROM orders WHERE status = 'open'"
const NAMES = 'SELECT name FROM customers'

describe('learning in the web UI', { skip: skipWithoutChromium() }, () => {
  let product: Product
  let browser: Browser
  let database: TestDatabase
  let clerk: Rest
  let page: Page
  let problems: string[]

  before(
    async () => {
      product = await Product.start({ withWebui: true })
      database = await addTestDatabase(product, 'sqlite', DATABASE)
      const grants = ['orders', 'customers'].map((table) => ({
        ...{ database: DATABASE, table, actions: ['read'] as const },
      }))
      clerk = await product.login(await product.addPerson('clerk', grants))
      for (const sql of [TOTALS, STATES]) assert.equal(await status(sql), 200)
      await product.auditIsShipped()
      browser = await launchBrowser()
      const opened = await openPage(browser, product)
      page = opened.page
      problems = opened.problems
      await logIn(page, product.owner)
    },
    { timeout: TEST_TIMEOUT_MS },
  )

  after(async () => {
    await browser?.close()
    await database?.close()
    await product?.stop()
  })

  /** What the clerk's statement is answered with. */
  async function status(sql: string): Promise<number> {
    return (await clerk.post(`databases/${DATABASE}/query`, { sql })).status
  }

  journey('what an application sent is learnt, and its habits are shown', async () => {
    await page.goto('/firewall?tab=learning')
    await page.getByText('Nothing is learnt yet').waitFor()
    await page.getByRole('button', { name: 'Learn', exact: true }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Database').click()
    await page.getByRole('option', { name: DATABASE }).click()
    await dialog.getByRole('button', { name: 'Learn', exact: true }).click()
    await dialog.getByText('2 statements learnt, 2 new habits').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('row', { name: new RegExp(`clerk ${DATABASE} Hardly 2 2`) }).waitFor()
    await page.getByRole('button', { name: /^Habits of .* for clerk$/ }).click()
    const habits = page.getByRole('listitem').filter({ hasText: 'Learnt' })
    await habits.filter({ hasText: TOTALS }).waitFor()
    await habits.filter({ hasText: STATES }).waitFor()
  })

  journey('a habit is promoted, another denied, and felt where the policy blocks', async () => {
    await decide(TOTALS, 'Deny')
    await page.getByRole('listitem').filter({ hasText: TOTALS }).getByText('Denied').waitFor()
    await decide(STATES, 'Promote')
    await page.getByRole('listitem').filter({ hasText: STATES }).getByText('Promoted').waitFor()
    const owner = await product.login()
    await owner.data('PATCH', `databases/${DATABASE}`, { policy: { learning: 'block' } })
    assert.deepEqual([await status(TOTALS), await status(STATES)], [403, 200])
  })

  async function decide(sample: string, choice: 'Promote' | 'Deny'): Promise<void> {
    await page.getByRole('button', { name: `More for ${sample}` }).click()
    await page.getByRole('menuitem', { name: choice }).click()
  }

  journey('what is new is decided where the audit shows it', async () => {
    assert.equal(await status(NAMES), 200)
    await product.auditIsShipped()
    await page.goto(`/audit?database=${DATABASE}&verdict=alert`)
    await page.getByText(NAMES).first().click()
    const event = page.getByRole('dialog')
    await event.getByText('learning.unknown').first().waitFor()
    await event.getByRole('button', { name: 'Deny' }).click()
    await page.getByText(/may not do this$/).waitFor()
    assert.equal(await status(NAMES), 403)
  })

  journey('no page logged an error of its own', async () => {
    assert.deepEqual(problems, [])
  })
})

function journey(name: string, steps: () => Promise<void>): void {
  test(name, { timeout: TEST_TIMEOUT_MS }, steps)
}
