// An SQL file through the web UI: uploaded by one person, approved by another, executed, looked back at.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { addTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import { launchBrowser, logIn, openPage, skipWithoutChromium } from './browser.ts'

const DATABASE = 'files_ui'
const START_TIMEOUT_MS = 90_000
const JOURNEY_TIMEOUT_MS = 60_000
const COUNTS_FOR_EVER =
  'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10000000000) SELECT count(*) FROM n'

describe('SQL files in the web UI', { skip: skipWithoutChromium() }, () => {
  let product: Product
  let browser: Browser
  let database: TestDatabase
  let writer: Person
  let hers: Page
  let owners: Page
  const problems: string[][] = []

  before(
    async () => {
      product = await Product.start({ withWebui: true })
      database = await addTestDatabase(product, 'sqlite', DATABASE)
      const actions = ['read', 'write'] as const
      writer = await product.addPerson('writer', [{ database: DATABASE, table: 'orders', actions }])
      browser = await launchBrowser()
      hers = await pageOf(writer)
      owners = await pageOf(product.owner)
    },
    { timeout: START_TIMEOUT_MS },
  )

  after(async () => {
    await browser?.close()
    await database?.close()
    await product?.stop()
  })

  async function pageOf(person: Person): Promise<Page> {
    const opened = await openPage(browser, product)
    problems.push(opened.problems)
    await logIn(opened.page, person)
    return opened.page
  }

  /** Uploaded by the writer over REST. */
  async function uploaded(name: string, text: string) {
    const rest = await product.login(writer)
    return rest.data('POST', 'sql-files', { name, database: DATABASE, text })
  }

  /** … and approved by the owner. */
  async function approved(name: string, text: string) {
    const { id, sha256, version } = await uploaded(name, text)
    const owner = await product.login()
    return owner.data('POST', `sql-files/${id}/approve`, { sha256, version })
  }

  journey('a mistake is marked where it is, and mended', async () => {
    await hers.goto('/sql-files')
    await hers.getByText('No SQL file yet').waitFor()
    await hers.getByRole('button', { name: 'Upload a file' }).first().click()
    const dialog = hers.getByRole('dialog')
    const text =
      "-- who is open\nSELECT id FROM orders;\nUPDATE orders SETT status = 'sent' WHERE id = 1;\n"
    const file = { name: '0001 send.sql', mimeType: 'text/plain', buffer: Buffer.from(text) }
    await dialog.locator('input[type=file]').setInputFiles(file)
    await dialog.getByText('0001 send.sql').waitFor()
    assert.equal(await dialog.getByLabel('Name').inputValue(), '0001 send.sql')
    await dialog.getByLabel('Database').click()
    await hers.getByRole('option', { name: DATABASE }).click()
    await dialog.getByRole('button', { name: 'Upload and check' }).click()
    await hers.getByText('A statement is refused').waitFor()
    const [first, second] = await hers
      .getByRole('list', { name: 'Statements' })
      .locator('> li')
      .all()
    assert.match((await first?.textContent()) ?? '', /Allowed.*-- who is open/s)
    await second?.getByText('statement.incomplete').waitFor()
    assert.equal(await second?.locator('mark').count(), 1)
    await hers.getByRole('button', { name: 'Change' }).click()
    await hers.getByRole('dialog').getByLabel('SQL').fill(text.replace('SETT', 'SET'))
    await hers.getByRole('button', { name: 'Save and check' }).click()
    await hers.getByText('You uploaded this text, so somebody else has to approve it').waitFor()
    assert.equal(await hers.getByRole('button', { name: 'Run' }).isDisabled(), true)
  })

  journey('what another person has approved is run, and stands in the history', async () => {
    await owners.goto(`/sql-files?database=${DATABASE}`)
    await owners.getByRole('row', { name: /0001 send\.sql Awaits approval.*by writer/ }).waitFor()
    await owners.getByRole('link', { name: '0001 send.sql' }).click()
    await owners.getByRole('button', { name: 'Approve' }).click()
    await owners.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    // The writer's page hears of it by itself.
    await hers.getByText('owner approved this very text').waitFor()
    await hers.getByRole('button', { name: 'Run' }).click()
    await hers.getByRole('dialog').getByRole('button', { name: 'Run' }).click()
    const runs = hers.getByRole('list', { name: 'Runs' }).getByRole('listitem')
    await runs.getByText('Done').waitFor()
    assert.match(
      (await runs.textContent()) ?? '',
      /2 of 2 statements.*by writer, approved by owner/,
    )
    const sent = await database.ask('SELECT status FROM orders WHERE id = 1')
    assert.deepEqual(sent.flat(), ['sent'])
    await owners.getByRole('button', { name: 'Withdraw' }).click()
    await owners.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
    await hers.getByText('You uploaded this text, so somebody else has to approve it').waitFor()
  })

  journey('a run tells how far it is, and is cancelled', async () => {
    const { id } = await approved('slow.sql', `SELECT 1 FROM orders;\n${COUNTS_FOR_EVER}`)
    await hers.goto(`/sql-files/${id}`)
    await hers.getByRole('button', { name: 'Run' }).click()
    await hers.getByRole('dialog').getByRole('button', { name: 'Run' }).click()
    await hers.getByText('statement 2 of 2', { exact: true }).waitFor()
    await hers.getByRole('button', { name: 'Cancel' }).click()
    await hers.getByText('Cancelled', { exact: true }).waitFor()
    await hers.getByText('stopped at statement 2 of 2').waitFor()
  })

  journey('a run that fails says at which statement, and what the door said', async () => {
    const { id } = await approved(
      'denied.sql',
      'SELECT id FROM orders;\nDELETE FROM secrets WHERE id = 1',
    )
    await hers.goto(`/sql-files/${id}`)
    await hers.getByRole('button', { name: 'Run' }).click()
    await hers.getByRole('dialog').getByRole('button', { name: 'Run' }).click()
    await hers.getByText(/^statement 2 of 2: .*secrets/).waitFor()
    await hers.getByText('Failed', { exact: true }).waitFor()
  })

  journey('nobody approves a text that was changed while it was open, unread', async () => {
    const { id, version } = await uploaded('racing.sql', 'SELECT 1 FROM orders')
    await owners.goto(`/sql-files/${id}`)
    await owners.getByRole('button', { name: 'Approve' }).click()
    const rest = await product.login(writer)
    await rest.data('PATCH', `sql-files/${id}`, { version, text: 'DELETE FROM orders' })
    await owners.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await owners
      .getByRole('alert')
      .getByText(/changed by someone else/)
      .waitFor()
    await owners.getByRole('dialog').getByRole('button', { name: 'Not yet' }).click()
    await owners.getByText('This file was changed while it was open here').waitFor()
    assert.equal(await owners.getByRole('button', { name: 'Approve' }).isDisabled(), true)
    await owners.getByText('DELETE FROM orders').waitFor()
    await owners.getByRole('button', { name: 'I have read it' }).click()
    assert.equal(await owners.getByRole('button', { name: 'Approve' }).isEnabled(), true)
  })

  journey('no page logged an error of its own', async () => {
    await hers.goto('/sql-files/nowhere')
    await hers.getByText('This file can’t be shown').waitFor()
    assert.deepEqual(problems.flat(), [])
  })
})

function journey(name: string, steps: () => Promise<void>): void {
  test(name, { timeout: JOURNEY_TIMEOUT_MS }, steps)
}
