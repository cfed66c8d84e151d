// fetch: sources of drivers by the ordinary clients, npm and apt, into a folder that git ignores.
import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TIMEOUT_MS = 300_000

/** The package as published, unpacked, with what it depends on and `more` packages. */
export async function fetchNpm(
  cache: string,
  specification: string,
  more: readonly string[] = [],
): Promise<string> {
  const directory = join(cache, specification.replaceAll(/[@/]/g, '-'))
  if (existsSync(directory)) return directory
  const work = await fresh(`${directory}.part`)
  const packed = await run('npm', ['pack', '--silent', specification], options(work))
  await run('tar', ['--warning=no-unknown-keyword', '-xzf', packed.stdout.trim()], options(work))
  const unpacked = join(work, 'package')
  await installNpm(unpacked, more)
  await rename(unpacked, directory)
  await rm(work, { recursive: true })
  return directory
}

/** What the package in `directory` depends on, and more packages beside it. */
export async function installNpm(directory: string, more: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--omit=dev']
  await run('npm', ['install', ...quiet, ...more], options(directory))
}

/** The upstream source of a Debian package, as new as `release` has it, from the mirrors that the system itself uses. */
export async function fetchDebian(
  cache: string,
  name: string,
  release: 'trixie' | 'sid' = 'trixie',
): Promise<string> {
  const directory = join(cache, name)
  if (existsSync(directory)) return directory
  const work = await fresh(`${directory}.part`)
  const apt = await sourceLists(work, release)
  await run('apt-get', [...apt, 'update'], options(work))
  const wanted = ['source', '--download-only', '--tar-only', name]
  // Additional tarballs may be missing on a mirror: what counts is whether the main one came.
  await run('apt-get', [...apt, ...wanted], options(work)).catch(() => undefined)
  const [archive] = globSync('*.orig.tar.*', { cwd: work }).filter((file) => !file.endsWith('.asc'))
  if (archive === undefined) throw new Error(`no mirror of this system has the source of ${name}`)
  const unpacked = join(work, 'unpacked')
  await mkdir(unpacked)
  const whole = ['--strip-components=1', '-C', unpacked]
  await run('tar', ['-xf', archive, ...whole], options(work))
  await rename(unpacked, directory)
  await rm(work, { recursive: true })
  return directory
}

async function fresh(directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  return directory
}

function options(cwd: string) {
  return { cwd, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 }
}

/** Options by which apt-get looks for sources where the system looks for packages; nothing of the system's changes. */
async function sourceLists(work: string, release: string): Promise<readonly string[]> {
  const lists = globSync('/etc/apt/sources.list.d/debian*.sources')
  const texts = await Promise.all(lists.map((file) => readFile(file, 'utf8')))
  const parts = join(work, 'sources.d')
  await mkdir(parts)
  await mkdir(join(work, 'lists', 'partial'), { recursive: true })
  // A mirror may have dropped an older release's sources: the next one's are as good.
  const sources = texts
    .join('\n\n')
    .replaceAll(/^Types:.*$/gm, 'Types: deb-src')
    .replaceAll(/^Suites: (?!.*-security)(.*)$/gm, `Suites: $1 ${release}`)
  await writeFile(join(parts, 'debian.sources'), sources)
  const places = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': parts,
    'Dir::State::lists': join(work, 'lists'),
    'APT::Sandbox::User': 'root',
  }
  return Object.entries(places).flatMap(([key, value]) => ['-o', `${key}=${value}`])
}
