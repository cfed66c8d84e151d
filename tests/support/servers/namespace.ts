// A network namespace: a server inside of it is reached over a virtual wire, and a packet filter there makes the
// faults that no proxy can make, because nobody is told of them.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'

/** What the wire does: all packets pass, none do, none come back, some are lost, or each one is answered by a reset. */
type WireFault = 'none' | 'cut' | 'answers-dropped' | 'lossy' | 'reset'

const TIMEOUT_MS = 20_000
const FILTERS: Readonly<Record<WireFault, readonly string[]>> = {
  none: [],
  cut: ['INPUT -j DROP', 'OUTPUT -j DROP'],
  'answers-dropped': ['OUTPUT -j DROP'],
  lossy: ['INPUT', 'OUTPUT'].map(
    (chain) => `${chain} -m statistic --mode random --probability 0.1 -j DROP`,
  ),
  reset: ['INPUT -p tcp -j REJECT --reject-with tcp-reset'],
}

export class Namespace {
  readonly name: string
  /** The address of a server inside. */
  readonly host: string
  readonly #janitor: ChildProcess

  private constructor(name: string, host: string, janitor: ChildProcess) {
    this.name = name
    this.host = host
    this.#janitor = janitor
  }

  /** Names are nobody else's (a link's has 15 letters at most); 198.18.0.0/15 is there for tests of networks (RFC 2544). */
  static open(): Namespace {
    const own = `ad${randomBytes(6).toString('hex')}`
    const [third, fourth] = [randomInt(256), 4 * randomInt(64)]
    const net = (last: number) => `198.18.${third}.${fourth + last}`
    const namespace = new Namespace(`articdbm-${own}`, net(2), startJanitor(`articdbm-${own}`, own))
    const inside = ['netns', 'exec', namespace.name, 'ip']
    for (const args of [
      ['netns', 'add', namespace.name],
      ['link', 'add', own, 'type', 'veth', 'peer', 'name', 'inside', 'netns', namespace.name],
      ['addr', 'add', `${net(1)}/30`, 'dev', own],
      ['link', 'set', own, 'up'],
      [...inside, 'addr', 'add', `${net(2)}/30`, 'dev', 'inside'],
      [...inside, 'link', 'set', 'inside', 'up'],
    ])
      demand('ip', args)
    return namespace
  }

  /** Why there can be none here; false when there can. */
  static skipReason(): string | false {
    if (process.getuid?.() !== 0) return 'needs root, for network namespaces'
    try {
      const probe = Namespace.open()
      for (const fault of ['lossy', 'reset', 'none'] as const) probe.fault(fault)
      void probe.close()
      return false
    } catch (error) {
      return `needs network namespaces and iptables in them: ${error}`
    }
  }

  fault(fault: WireFault): void {
    const filter = ['netns', 'exec', this.name, 'iptables', '-w']
    demand('ip', [...filter, '-F'])
    for (const rule of FILTERS[fault]) demand('ip', [...filter, '-A', ...rule.split(' ')])
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#janitor.once('exit', resolve))
    this.#janitor.stdin?.end()
    await ended
  }
}

/** A shell that waits for the end of this process, by whatever death, and then clears away. */
function startJanitor(name: string, link: string): ChildProcess {
  const script = 'cat > /dev/null; ip link del "$2"; ip netns del "$1"'
  const janitor = spawn('sh', ['-c', script, 'sh', name, link], {
    detached: true,
    env: ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  janitor.unref()
  return janitor
}

const ENVIRONMENT = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` }

function demand(file: string, args: readonly string[]): void {
  const ended = spawnSync(file, args, { encoding: 'utf8', timeout: TIMEOUT_MS, env: ENVIRONMENT })
  if (ended.status === 0) return
  throw new Error(`${file} ${args.join(' ')}: ${ended.error?.message ?? ended.stderr.trim()}`)
}
