// A process of its own that migrates the store it is told of and prints what it applied.
import { Secret } from '@articdbm/contract'
import { migrate, openStore, type StoreConfig } from '../../manager/src/store/index.ts'

const told = JSON.parse(process.argv[2] ?? '{}') as { type: string; password: string }
const config = { ...told, password: new Secret(told.password) } as unknown as StoreConfig
await using store = openStore(config)
console.log(JSON.stringify(await migrate(store)))
