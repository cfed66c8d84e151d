import ipaddr from 'ipaddr.js'

/** Whether an address is this one, or within this network. What is no address is in none. Throws for what is neither. */
export function addressTest(range: string): (address: string) => boolean {
  const [network, bits] = range.includes('/')
    ? ipaddr.parseCIDR(range)
    : [ipaddr.process(range), undefined]
  const length = bits ?? network.toByteArray().length * 8
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const given = ipaddr.process(address)
    return given.kind() === network.kind() && given.match(network, length)
  }
}
