// Masks as somebody makes them in the web UI, in a real browser against the whole product.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Product } from '../support/product.ts'
import { launchBrowser, logIn, openPage, skipWithoutChromium } from './browser.ts'

const TIMEOUT_MS = 90_000

test('a column is masked, shown to somebody, and unmasked after a question', {
  skip: skipWithoutChromium(),
  timeout: TIMEOUT_MS,
}, async () => {
  const product = await Product.start({ withWebui: true, withShop: true })
  const browser = await launchBrowser()
  try {
    const { page, problems } = await openPage(browser, product)
    await logIn(page, product.owner)
    await page.goto('/firewall?tab=masking')
    await page.getByText('No column is masked').waitFor()

    await page.getByRole('button', { name: 'Add mask' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Database').click()
    await page.getByRole('option', { name: 'shop' }).click()
    await dialog.getByLabel('Table').fill('"customers"')
    await dialog.getByLabel('Column').fill('email')
    await dialog.getByLabel('Shown as').click()
    await page.getByRole('option', { name: /^Partial/ }).click()
    await dialog.getByText('no more than a quarter of the text').waitFor()
    await dialog.getByRole('button', { name: 'Mask it' }).click()
    await dialog.getByText("is no table's name").waitFor()
    await dialog.getByLabel('Table').fill('customers')
    await dialog.getByRole('button', { name: 'Mask it' }).click()

    const row = page.getByRole('row').filter({ hasText: 'customers' })
    await row.getByText('Partial').waitFor()
    await row.getByText('nobody').waitFor()
    await row.getByRole('button', { name: 'More for customers.email' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await dialog.getByLabel('Roles that see it plainly').click()
    await page.getByRole('option', { name: 'Admin' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await row.getByText('admins').waitFor()

    await row.getByRole('button', { name: 'More for customers.email' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await dialog.getByText('sees what it holds at their next request').waitFor()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No column is masked').waitFor()
    assert.deepEqual(problems, [])
  } finally {
    await browser.close()
    await product.stop()
  }
})
