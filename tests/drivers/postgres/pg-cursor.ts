// The last pg-cursor that was published with its tests, which are run with the present pg and pg-cursor.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchNpm } from '../fetch.ts'
import { runMocha } from '../mocha.ts'
import type { Suite } from '../suite.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'cursors'
// Mocha by another name, because the package has it among what npm is told to leave out.
const PRESENT = ['pg@8', 'present@npm:pg-cursor@2', 'runner@npm:mocha@11']

export const PG_CURSOR: Suite = {
  name: 'pg-cursor',
  engine: 'postgres',
  databases: [DATABASE],
  fetch: async (cache) => {
    const directory = await fetchNpm(cache, 'pg-cursor@2.12.0', PRESENT)
    await writeFile(join(directory, 'index.js'), "module.exports = require('present')\n")
    return directory
  },
  run: (directory, target) => runMocha(directory, 'runner', environmentFor(target, DATABASE)),
  differences: {},
}
