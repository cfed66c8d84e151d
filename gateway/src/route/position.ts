// How far a server is in the order of writes, and whether another one is as far.

export type Position =
  /** PostgreSQL: a place in the write-ahead log. */
  | { readonly kind: 'lsn'; readonly value: bigint }
  /** Galera: the number of the last transaction of the cluster that the node has committed. */
  | { readonly kind: 'seqno'; readonly cluster: string; readonly value: bigint }
  /** MariaDB: the last sequence number of each replication domain. */
  | { readonly kind: 'domains'; readonly last: ReadonlyMap<string, bigint> }
  /** MySQL: the transactions of each source, as ranges. */
  | { readonly kind: 'sources'; readonly ranges: ReadonlyMap<string, readonly Range[]> }

/** Both ends included. */
export interface Range {
  readonly first: bigint
  readonly last: bigint
}

/** True when everything up to `goal` is there; positions of different kinds can't be compared. */
export function hasReached(position: Position, goal: Position): boolean {
  if (position.kind === 'lsn' && goal.kind === 'lsn') return position.value >= goal.value
  if (position.kind === 'seqno' && goal.kind === 'seqno') {
    return position.cluster === goal.cluster && position.value >= goal.value
  }
  if (position.kind === 'domains' && goal.kind === 'domains') {
    return [...goal.last].every(([domain, last]) => (position.last.get(domain) ?? -1n) >= last)
  }
  if (position.kind === 'sources' && goal.kind === 'sources') {
    return [...goal.ranges].every(([source, ranges]) =>
      ranges.every((range) => isWithin(range, position.ranges.get(source) ?? [])),
    )
  }
  return false
}

function isWithin(range: Range, held: readonly Range[]): boolean {
  return held.some(({ first, last }) => first <= range.first && range.last <= last)
}

/** "16/B374D848"; undefined where it isn't one. */
export function parseLsn(text: string): Position | undefined {
  const [, high = '', low = ''] = text.match(/^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i) ?? []
  if (low === '') return undefined
  return { kind: 'lsn', value: (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`) }
}

/** "0-1-270,1-2-9": domain, server, sequence number. None in it: nothing can be told by it. */
export function parseDomains(text: string): Position | undefined {
  const last = new Map<string, bigint>()
  for (const part of text.split(',')) {
    const [, domain, sequence] = part.trim().match(/^(\d{1,10})-\d{1,10}-(\d{1,20})$/) ?? []
    if (domain === undefined || sequence === undefined) return undefined
    const known = last.get(domain) ?? -1n
    last.set(domain, BigInt(sequence) > known ? BigInt(sequence) : known)
  }
  return { kind: 'domains', last }
}

/** "3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5:11,…": source, tag perhaps, ranges. */
export function parseSources(text: string): Position | undefined {
  const ranges = new Map<string, readonly Range[]>()
  for (const part of text.split(',')) {
    const [source = '', ...rest] = part.trim().toLowerCase().split(':')
    const parsed = rest.map(parseRange)
    const known = parsed.filter((range) => range !== undefined)
    if (!/^[0-9a-f-]{36}$/.test(source) || known.length === 0) return undefined
    if (known.length !== parsed.length) return undefined
    ranges.set(source, known)
  }
  return { kind: 'sources', ranges }
}

function parseRange(text: string): Range | undefined {
  const [, first, last] = text.match(/^(\d{1,20})(?:-(\d{1,20}))?$/) ?? []
  return first === undefined ? undefined : { first: BigInt(first), last: BigInt(last ?? first) }
}

export function seqno(cluster: string, value: string): Position | undefined {
  return /^\d{1,20}$/.test(value) ? { kind: 'seqno', cluster, value: BigInt(value) } : undefined
}

/** Read again by `parsePosition`. */
export function positionText(position: Position): string {
  switch (position.kind) {
    case 'lsn':
      return `lsn ${(position.value >> 32n).toString(16)}/${(position.value & 0xffff_ffffn).toString(16)}`
    case 'seqno':
      return `seqno ${position.cluster} ${position.value}`
    case 'domains':
      return `domains ${[...position.last].map(([domain, last]) => `${domain}-0-${last}`)}`
    case 'sources':
      return `sources ${[...position.ranges].map(([source, ranges]) => sourceText(source, ranges))}`
  }
}

function sourceText(source: string, ranges: readonly Range[]): string {
  return [source, ...ranges.map(({ first, last }) => `${first}-${last}`)].join(':')
}

/** Undefined where the text is no position. */
export function parsePosition(text: string): Position | undefined {
  const [kind, at = '', more = ''] = text.split(' ')
  if (kind === 'lsn') return parseLsn(at)
  if (kind === 'seqno') return seqno(at, more)
  if (kind === 'domains') return parseDomains(at)
  return kind === 'sources' ? parseSources(at) : undefined
}
