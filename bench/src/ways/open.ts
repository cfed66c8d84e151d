import type { Bed, Engine } from '../bed.ts'
import { articdbm } from './articdbm.ts'
import { direct } from './direct.ts'
import { haproxy } from './haproxy.ts'
import { pgbouncer } from './pgbouncer.ts'
import { pgpool } from './pgpool.ts'
import { startProxy } from './proxy.ts'
import type { Needs, Way, WayName } from './way.ts'

export interface Wish extends Needs {
  readonly name: WayName
  readonly engine: Engine
}

export async function openWay(bed: Bed, wish: Wish): Promise<Way> {
  switch (wish.name) {
    case 'articdbm':
      return articdbm(bed, wish.engine)
    case 'direct':
      return direct(bed, wish.engine)
    case 'pgbouncer':
      return startProxy(await pgbouncer(bed, wish))
    case 'pgpool':
      return startProxy(await pgpool(bed, wish))
    case 'haproxy':
      return startProxy(await haproxy(bed, wish.engine))
  }
}
