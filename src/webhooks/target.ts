// Where a webhook may lead: to public addresses, and to those private networks that the configuration allows. Pure.
import ipaddr from 'ipaddr.js'
import { type Refusal, refusal } from '../kit/errors.ts'

const LONGEST_URL = 2000

export class Networks {
  readonly #allowed: readonly ReturnType<typeof ipaddr.parseCIDR>[]

  /** @param cidrs e.g. 10.1.0.0/16 */
  constructor(cidrs: readonly string[]) {
    this.#allowed = cidrs.map((cidr) => ipaddr.parseCIDR(cidr))
  }

  /** Whether the configuration names it. */
  isAllowed(address: string): boolean {
    const parsed = ipaddr.process(address) // an IPv4 address that is written as IPv6 is what it is
    return this.#allowed.some((network) => network[0].kind() === parsed.kind() && parsed.match(network))
  }

  /** Whether a request may be made to it: over plain HTTP only where the configuration names it. */
  mayReach(address: string, secure: boolean): boolean {
    if (!ipaddr.isValid(address)) return false
    return this.isAllowed(address) || (secure && ipaddr.process(address).range() === 'unicast')
  }
}

/** The host as an address, or null where it is a name. */
export function addressOf({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(host) ? host : null
}

/** What is wrong with a URL as it stands; where it leads is seen when its name is looked up. */
export function refuseUrl(url: URL, ...field: string[]): Refusal[] {
  if (!/^https?:$/.test(url.protocol)) return [refusal('INVALID', 'an https:// URL is needed', ...field)]
  if (url.href.length > LONGEST_URL) return [refusal('INVALID', `at most ${LONGEST_URL} characters`, ...field)]
  if (url.username !== '' || url.password !== '') return [refusal('INVALID', 'a URL with a user or a password would be shown to everybody who sees the webhook: requests are signed instead', ...field)]
  return []
}

/** What is wrong with where it leads. @param addresses of its host */
export function refuseAddresses(url: URL, addresses: readonly string[], networks: Networks, ...field: string[]): Refusal[] {
  const secure = url.protocol === 'https:'
  if (addresses.every((address) => networks.mayReach(address, secure))) return []
  if (!secure && addresses.every((address) => networks.mayReach(address, true))) return [refusal('INVALID', 'https is needed, outside of the networks that WEBHOOK_NETWORKS names', ...field)]
  return [refusal('ADDRESS_NOT_PUBLIC', 'it leads into a private network: the operator can allow it by WEBHOOK_NETWORKS', ...field)]
}
