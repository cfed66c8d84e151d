// PyMySQL as Debian has its source, with its own tests.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchDebian } from '../fetch.ts'
import { runProgram } from '../processes.ts'
import type { Outcome, Outcomes, Suite, Target } from '../suite.ts'

const DATABASES = ['test1', 'test2']

export const PYMYSQL: Suite = {
  name: 'pymysql',
  engine: 'mariadb',
  databases: DATABASES,
  settings: ['local_infile = 1'],
  fetch: (cache) => fetchDebian(cache, 'python-pymysql'),
  run,
  differences: {},
}

async function run(directory: string, target: Target): Promise<Outcomes> {
  const databases = DATABASES.map((database) => ({ ...target, database, local_infile: true }))
  await writeFile(join(directory, 'pymysql/tests/databases.json'), JSON.stringify(databases))
  const { output } = await runProgram({
    file: '/usr/bin/python3',
    args: ['-m', 'pytest', '-p', 'no:cacheprovider', '-v', '--tb=short', 'pymysql/tests'],
    cwd: directory,
    environment: {},
    timeoutMs: 180_000,
  })
  return outcomesOf(output)
}

/** `pymysql/tests/test_x.py::Class::test_y PASSED [ 1%]`, and a paragraph for each failure below. */
function outcomesOf(output: string): Outcomes {
  const lines = [...output.matchAll(/^\S+\.py::(\S+) (PASSED|FAILED|ERROR)\b/gm)]
  const failures = new Map(
    output
      .split(/^_{3,} /m)
      .slice(1)
      .map((part) => [part.match(/^\S+/)?.[0] ?? '', part]),
  )
  const outcome = (name: string, word: string): Outcome => ({
    isPassed: word === 'PASSED',
    output: failures.get(name.replaceAll('::', '.')) ?? '',
  })
  return new Map(lines.map(([, name = '', word = '']) => [name, outcome(name, word)]))
}
