// The journeys of a person through the web UI, in a real browser against the whole product.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { addTestDatabase, skipReason, type TestDatabase } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import { serverUrl } from '../support/servers/index.ts'
import { execute, launchBrowser, logIn, openPage, skipWithoutChromium } from './browser.ts'

const DATABASE = 'e2e_orders'
const ROW_PX = 28
const TEST_TIMEOUT_MS = 90_000

describe('the web UI', { skip: skipWithoutChromium() || skipReason('postgres') }, () => {
  let product: Product
  let browser: Browser
  let page: Page
  let problems: string[]
  let database: TestDatabase

  before(
    async () => {
      product = await Product.start({ withWebui: true, withShop: true })
      database = await addTestDatabase(product, 'postgres', DATABASE)
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

  journey(
    'a one-time password opens one page only, which asks for a password of one’s own',
    async () => {
      const rest = await product.login()
      const { oneTimePassword } = await rest.data('POST', 'users', { name: 'nina', role: 'viewer' })
      const { page: hers } = await openPage(browser, product)
      await logIn(hers, { name: 'nina', password: oneTimePassword })
      await hers.waitForURL('**/new-password')
      await hers.goto('/databases')
      await hers.waitForURL('**/new-password*')
      await hers.getByLabel('One-time password').fill(oneTimePassword)
      await hers.getByLabel('New password', { exact: true }).fill('a long enough one 9')
      await hers.getByLabel('New password again').fill('a long enough one 9')
      await hers.getByRole('button', { name: /Set password/ }).click()
      await hers.getByRole('heading', { name: 'Databases' }).waitFor()
      await hers.context().close()
    },
  )

  journey(
    'a wrong password is refused in words that help, and the page is left by logging out',
    async () => {
      const { page: theirs } = await openPage(browser, product)
      await theirs.goto('/login')
      await theirs.getByLabel('Name').fill('owner')
      await theirs.getByLabel('Password', { exact: true }).fill('not this one')
      await theirs.getByRole('button', { name: 'Log in' }).click()
      await theirs.getByRole('alert').getByText('Name and password don’t match').waitFor()
      await logIn(theirs, product.owner)
      await theirs.getByRole('button', { name: 'Account of owner' }).click()
      await theirs.getByRole('menuitem', { name: 'Log out' }).click()
      await theirs.waitForURL('**/login*')
      await theirs.context().close()
    },
  )

  journey(
    'a PostgreSQL database is added, fails its test with advice, and answers once corrected',
    async () => {
      const url = new URL(serverUrl('postgres').url)
      await page.goto('/databases')
      await page.getByRole('button', { name: 'Add a database' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name', { exact: true }).fill('added_here')
      await dialog.getByLabel('Host').fill('127.0.0.1')
      await dialog.getByLabel('Port').fill('9')
      await dialog.getByLabel('Database on the server').fill(DATABASE)
      await dialog.getByLabel('User', { exact: true }).fill(decodeURIComponent(url.username))
      await dialog.getByLabel('Password', { exact: true }).fill(decodeURIComponent(url.password))
      await dialog.getByRole('button', { name: 'Save and test' }).click()
      await dialog.getByText('Nothing listens there').waitFor()
      await dialog.getByLabel('Port').fill(url.port)
      await dialog.getByRole('button', { name: 'Save and test' }).click()
      await dialog.getByText('It answers').waitFor()
      await dialog.getByRole('button', { name: 'Close' }).click()
      await page.getByRole('heading', { name: 'added_here' }).waitFor()
    },
  )

  journey('the limits of a pool are changed, and a number out of range is not taken', async () => {
    await page.goto('/databases')
    await choose(page, 'added_here', 'Edit')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Advanced' }).click()
    await dialog.getByLabel('Connections at most').fill('0')
    await dialog.getByRole('button', { name: 'Save and test' }).click()
    await dialog.getByText('From 1 to 1000').waitFor()
    await dialog.getByLabel('Connections at most').fill('7')
    await dialog.getByLabel('Lag of a replica at most, in ms').fill('2500')
    await dialog.getByRole('button', { name: 'Save and test' }).click()
    await dialog.getByText('It answers').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    const { pool, routing } = await (await product.login()).data('GET', 'databases/added_here')
    assert.deepEqual([pool.maxConnections, routing.maxLagMs], [7, 2500])
  })

  journey('the connections of a database are shown, a backend a row', async () => {
    const { hostname, port } = new URL(serverUrl('postgres').url)
    await page.goto('/databases')
    await choose(page, 'added_here', 'Connections')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('row', { name: `${hostname}:${port} Up primary` }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  journey('a database is removed only by who types its name', async () => {
    await page.goto('/databases')
    await choose(page, 'added_here', 'Remove')
    const dialog = page.getByRole('dialog')
    const remove = dialog.getByRole('button', { name: 'Remove' })
    await dialog.getByLabel(/Type added_here/).fill('added')
    assert.equal(await remove.isDisabled(), true)
    await dialog.getByLabel(/Type added_here/).fill('added_here')
    await remove.click()
    await page.getByText('added_here is removed').waitFor()
  })

  journey(
    'a user and a grant are added, and what is granted works for them in the console',
    async () => {
      const ada = await addUser(page, 'ada')
      await addGrant(page, { user: 'ada', database: DATABASE, table: 'orders' })
      await addGrant(page, { user: 'owner', database: DATABASE, table: 'orders' })
      const { page: hers } = await openPage(browser, product)
      await logIn(hers, ada)
      await setOwnPassword(hers, ada.password)
      await hers.goto(`/console?database=${DATABASE}`)
      await execute(hers, 'select id, total from orders order by id')
      await hers.getByRole('gridcell', { name: '30.25' }).waitFor()
      await hers.context().close()
    },
  )

  journey(
    'rows of the demo database stream into the grid, and more come when it is scrolled',
    async () => {
      await page.goto('/console?database=shop')
      await execute(page, 'select * from order_totals order by id')
      await page.getByText('500 rows loaded, more on the server').waitFor()
      const cells = page.getByRole('grid').getByRole('gridcell')
      assert.ok((await cells.count()) > 20)
      await cells.first().hover()
      await page.mouse.wheel(0, 500 * ROW_PX)
      await page.getByText('1,000 rows loaded').waitFor()
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
    },
  )

  journey('NULL, the empty text and a big integer are shown as what they are', async () => {
    await page.goto(`/console?database=${DATABASE}`)
    await execute(page, "select 9007199254740993::bigint as big, null as nothing, '' as blank")
    const cells = page.getByRole('gridcell')
    await cells.first().waitFor()
    assert.deepEqual(await cells.allTextContents(), ['9007199254740993', 'NULL', ''])
    assert.match((await cells.nth(1).getAttribute('class')) ?? '', /is-null/)
  })

  journey('cancel in the console cancels on the server', async () => {
    await page.goto(`/console?database=${DATABASE}`)
    const endless =
      'select count(*) from orders a, generate_series(1, 100000) b, generate_series(1, 100000) c'
    await execute(page, endless)
    await page
      .getByRole('status')
      .getByText(/^Running/)
      .waitFor()
    await until(async () => (await executing(database)) === 1)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('57014', { exact: true }).waitFor()
    assert.equal(await executing(database), 0)
  })

  journey('a rule is tried on past statements, switched on, and felt at once', async () => {
    const unseen = 'select total from orders where id = 2'
    await page.goto(`/console?database=${DATABASE}`)
    await execute(page, unseen)
    await page.getByRole('gridcell', { name: '20.00' }).waitFor()
    await page.goto('/firewall')
    await page.getByRole('button', { name: 'Add rule' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('no-totals')
    await dialog.getByLabel('Message').fill('ask for totals in accounting')
    await dialog.getByLabel('Tables').fill('orders')
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Pattern').fill('select\\s+total')
    await until(async () => {
      await dialog.getByRole('button', { name: 'Simulate' }).click()
      await dialog.getByRole('alert').waitFor()
      return (await dialog.getByText(/^1 of \d+ statements; 1 of them/).count()) === 1
    })
    await page.route('**/rules/simulate', () => undefined)
    await dialog.getByRole('button', { name: 'Simulate' }).click()
    await dialog.getByRole('button', { name: 'Cancel the simulation' }).click()
    await page.unroute('**/rules/simulate')
    await dialog.getByRole('button', { name: 'Simulate' }).click()
    await dialog.getByText(/^1 of \d+ statements; 1 of them/).waitFor()
    assert.equal(await dialog.getByText('does not answer').count(), 0)
    await dialog.getByLabel('Message').fill('ask for all totals in accounting')
    await dialog.getByText(/^1 of \d+ statements/).waitFor()
    await dialog.getByLabel('Pattern').fill('select\\s+totals')
    await dialog.getByText('The rule was changed since').waitFor()
    await dialog.getByLabel('Pattern').fill('select\\s+total')
    await dialog.getByLabel('Message').fill('ask for totals in accounting')
    await dialog.getByRole('button', { name: 'Add, switched off' }).click()
    await page.getByRole('switch', { name: 'no-totals is on' }).click()
    await page.getByRole('switch', { name: 'no-totals is on', checked: true }).click()
    await page.getByRole('switch', { name: 'no-totals is on', checked: false }).waitFor()
    await page.getByRole('button', { name: 'More for no-totals' }).click()
    await page.getByRole('menuitem', { name: 'Edit or simulate' }).click()
    await dialog.getByRole('button', { name: 'Save and switch on' }).click()
    await page.getByRole('switch', { name: 'no-totals is on', checked: true }).waitFor()
    await page.goto(`/console?database=${DATABASE}`)
    await execute(page, unseen)
    await page.getByText('ask for totals in accounting').first().waitFor()
    await page.goto('/firewall')
    await page.getByRole('button', { name: 'More for no-totals' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No rule of your own yet').waitFor()
  })

  journey(
    'an injection is marked where it is, and let through by a bypass until it ends',
    async () => {
      const sql = "select id from orders where status = '' or 'a' = 'a' order by id"
      await page.goto(`/console?database=${DATABASE}`)
      await execute(page, sql)
      await page
        .getByText(/looks like SQL injection/)
        .first()
        .waitFor()
      await page.goto('/audit?verdict=block')
      await page.getByText(sql).first().click()
      await page
        .locator('mark')
        .getByText(/'a' = 'a'/)
        .waitFor()
      await page.getByRole('button', { name: 'Make a bypass' }).click()
      const dialog = page.getByRole('dialog', { name: 'Make a bypass' })
      await dialog.getByLabel('Why').fill('the yearly report')
      await dialog.getByRole('button', { name: 'Let through' }).click()
      await page.getByText(/is bypassed on/).waitFor()
      await page.goto(`/console?database=${DATABASE}`)
      await execute(page, sql)
      await page.getByRole('gridcell', { name: '3', exact: true }).waitFor()
      await page.goto('/firewall?tab=bypasses')
      await page.getByRole('cell', { name: 'the yearly report' }).waitFor()
      await page.getByRole('button', { name: /^End the bypass of injection/ }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
      await page.getByText('No bypass is open').waitFor()
      await page.goto(`/console?database=${DATABASE}`)
      await execute(page, sql)
      await page
        .getByText(/looks like SQL injection/)
        .first()
        .waitFor()
    },
  )

  journey(
    'a denied statement shows its rule and verdict, which leads to its audit event',
    async () => {
      await page.goto(`/console?database=${DATABASE}`)
      await execute(page, 'select secret from secrets')
      const denial = page.getByRole('alert').filter({ hasText: 'Denied by rule' })
      await denial.getByText('grant.missing').waitFor()
      await denial.getByRole('link', { name: 'See it in the audit' }).click()
      const event = page.getByRole('dialog')
      await event.getByText('select secret from secrets').first().waitFor()
      await event.getByText('grant.missing').first().waitFor()
    },
  )

  journey('an error is marked in the editor where it is', async () => {
    await page.goto(`/console?database=${DATABASE}`)
    await execute(page, 'select id,\n  totall from orders')
    await page.getByText('42703', { exact: true }).waitFor()
    assert.equal(await page.locator('.cm-lintRange-error').textContent(), 'totall')
  })

  journey('the audit shows a statement by itself, with person, door and tables', async () => {
    const { page: watching } = await openPage(browser, product)
    await logIn(watching, product.owner)
    await watching.goto(`/audit?database=${DATABASE}`)
    await watching.getByRole('heading', { name: 'Audit' }).waitFor()
    await page.goto(`/console?database=${DATABASE}`)
    await execute(page, "select 'seen live', id from orders")
    const row = watching.getByRole('row').filter({ hasText: "select 'seen live'" })
    await row.first().waitFor()
    assert.match((await row.first().textContent()) ?? '', /owner.*Console.*orders/s)
    await watching.context().close()
  })

  journey('drafts in the console survive a reload', async () => {
    await page.goto('/console?database=shop')
    await execute(page, 'select 1 as draft')
    await page.getByRole('columnheader', { name: /draft/ }).waitFor()
    await page.reload()
    await page
      .getByRole('textbox', { name: 'SQL', exact: true })
      .getByText('select 1 as draft')
      .waitFor()
  })

  journey('no page logged an error of its own', async () => {
    for (const path of [
      '/',
      '/sql-files',
      '/databases',
      '/audit',
      '/firewall',
      '/users',
      '/grants',
      '/nowhere',
    ]) {
      await page.goto(path)
      await page.getByRole('main').waitFor()
      await page.waitForLoadState('domcontentloaded')
    }
    assert.deepEqual(problems, [])
  })
})

function journey(name: string, steps: () => Promise<void>): void {
  test(name, { timeout: TEST_TIMEOUT_MS }, steps)
}

async function choose(page: Page, database: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${database}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function addUser(page: Page, name: string): Promise<Person> {
  await page.goto('/users')
  await page.getByRole('button', { name: 'Add a user' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByRole('button', { name: 'Add' }).click()
  const password = await dialog.getByLabel('one-time password', { exact: true }).textContent()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('rowheader', { name }).waitFor()
  return { name, password: password ?? '' }
}

interface GrantWish {
  readonly user: string
  readonly database: string
  readonly table: string
}

async function addGrant(page: Page, { user, database, table }: GrantWish): Promise<void> {
  await page.goto(`/grants?user=${user}&database=${database}&add=true`)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Table').fill(table)
  await dialog.getByRole('button', { name: 'Grant', exact: true }).click()
  await page.getByText(`${user} has access to ${database}`).waitFor()
}

async function setOwnPassword(page: Page, oneTime: string): Promise<void> {
  await page.getByLabel('One-time password').fill(oneTime)
  await page.getByLabel('New password', { exact: true }).fill('ada writes programs 1')
  await page.getByLabel('New password again').fill('ada writes programs 1')
  await page.getByRole('button', { name: /Set password/ }).click()
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
}

/** How many endless statements the server itself is executing. */
async function executing(database: TestDatabase): Promise<number> {
  const [row] = await database.ask(
    `SELECT count(*)::int FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query LIKE '%generate_series(1, 100000) c%'
       AND pid <> pg_backend_pid()`,
  )
  return Number(row?.[0] ?? 0)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not become so')
    await new Promise((done) => setTimeout(done, 100))
  }
}
