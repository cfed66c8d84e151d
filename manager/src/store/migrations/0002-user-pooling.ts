import type { Migration } from './migration.ts'
import { nullable, text } from './table.ts'

export const userPooling: Migration = {
  name: '0002-user-pooling',
  additions: [{ table: 'users', name: 'pooling', column: nullable(text(1000)) }],
}
