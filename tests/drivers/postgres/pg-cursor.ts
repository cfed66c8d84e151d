// The last pg-cursor that was published with its tests, which are run with the present pg and pg-cursor.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchNpm } from '../fetch.ts'
import { MOCHA, runMocha } from '../mocha.ts'
import type { Suite } from '../suite.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'cursors'
const PRESENT = ['pg@8', 'present@npm:pg-cursor@2', MOCHA]

export const PG_CURSOR: Suite = {
  name: 'pg-cursor',
  engine: 'postgres',
  databases: [DATABASE],
  fetch: async (cache) => {
    const directory = await fetchNpm(cache, 'pg-cursor@2.12.0', PRESENT)
    await writeFile(join(directory, 'index.js'), "module.exports = require('present')\n")
    return directory
  },
  run: (directory, target) => runMocha(directory, environmentFor(target, DATABASE)),
  differences: {},
}
