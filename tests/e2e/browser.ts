// Real Chromium for tests and screenshots, and the web UI's few moves that every journey makes.
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Person, Product } from '../support/product.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const PATIENCE_MS = 20_000

const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function chromiumPath(): string | undefined {
  const given = process.env.TEST_CHROMIUM ?? process.env.CHROMIUM_PATH
  return [given, ...PLACES].find((path) => path !== undefined && existsSync(path))
}

/** Why no browser can be driven here; false when one can. */
export function skipWithoutChromium(): string | false {
  return chromiumPath() === undefined && 'Chromium is missing: apt-get install chromium'
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath() ?? '', args: SWITCHES })
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
}

/** A fresh browser profile on the product's web UI; `problems` gathers what the page itself complains of. */
export async function openPage(
  browser: Browser,
  product: Product,
  { width = 1280, height = 860, scheme = 'light' }: Look = {},
): Promise<{ readonly page: Page; readonly problems: string[] }> {
  const context = await browser.newContext({
    baseURL: webAddress(product),
    viewport: { width, height },
    colorScheme: scheme,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    // Refusals that the page shows are not its own faults.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text())
  })
  return { page, problems }
}

export function webAddress(product: Product): string {
  return `http://127.0.0.1:${product.ports.webui}`
}

export async function logIn(page: Page, { name, password }: Person): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL((url) => url.pathname !== '/login')
}

/** Replaces the text of the editor that is shown, and presses Ctrl+Enter. */
export async function execute(page: Page, sql: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'SQL', exact: true })
  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(sql)
  await page.keyboard.press('Control+Enter')
}
