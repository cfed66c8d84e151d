// Whose a socket is: its peer's, or whom a trusted load balancer says it speaks for.
import { BlockList, isIP, type Socket } from 'node:net'
import { readProxyHeader } from './proxy-header.ts'

export interface TrustedProxies {
  has(address: string): boolean
}

/** From addresses and CIDR ranges, separated by commas; throws where one can't be read. */
export function trustedProxies(text: string): TrustedProxies {
  const list = new BlockList()
  const ranges = text.split(',').map((range) => range.trim())
  for (const range of ranges.filter((one) => one !== '')) add(list, range)
  return { has: (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') }
}

function add(list: BlockList, range: string): void {
  const [address = '', prefix, ...more] = range.split('/')
  const version = isIP(address)
  const widest = version === 6 ? 128 : 32
  const bits = prefix === undefined ? widest : Number(prefix)
  const isPrefix = prefix === undefined || /^\d{1,3}$/.test(prefix)
  if (version === 0 || !isPrefix || bits > widest || more.length > 0) {
    throw new Error(`configuration:\n  PROXY_PROTOCOL_FROM: "${range}" is not an address or range`)
  }
  list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4')
}

/** IPv4 addresses that came through an IPv6 socket are shown as IPv4. */
export function peerAddress(socket: Socket): string {
  return plain(socket.remoteAddress ?? '')
}

/** Takes the header off the socket. Undefined: there was none in time, or not one that can be read; the socket is closed. */
export function addressBehindProxy(socket: Socket, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0)
    const finish = (address: string | undefined) => {
      clearTimeout(deadline)
      socket.off('data', read).off('close', giveUp).off('end', giveUp)
      if (address === undefined) socket.destroy()
      resolve(address)
    }
    const giveUp = () => finish(undefined)
    const deadline = setTimeout(giveUp, timeoutMs)
    const read = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk])
      const header = headerOf(seen)
      if (header === 'wrong') giveUp()
      if (typeof header !== 'object') return
      socket.pause()
      finish(plain(header.source ?? socket.remoteAddress ?? ''))
      if (header.bytes < seen.length) socket.unshift(seen.subarray(header.bytes))
    }
    socket.on('data', read).once('close', giveUp).once('end', giveUp)
  })
}

function headerOf(seen: Buffer) {
  try {
    return readProxyHeader(seen)
  } catch {
    return 'wrong'
  }
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}
