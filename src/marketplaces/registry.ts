import type { Channel, Marketplace } from './channel.ts'

/** The channels of this process, filled by app/channels.ts. */
export class Channels {
  readonly #channels = new Map<string, Channel>()
  readonly #marketplaces = new Map<string, Marketplace>()

  constructor(channels: readonly Channel[]) {
    for (const channel of channels) {
      this.#channels.set(channel.code, channel)
      for (const marketplace of channel.marketplaces) this.#marketplaces.set(marketplace.id, marketplace)
    }
  }

  get(code: string): Channel {
    const channel = this.#channels.get(code)
    if (channel === undefined) throw new Error(`no channel ${code}`)
    return channel
  }

  /** Null for an id that no channel of this process serves. */
  marketplace(id: string): Marketplace | null {
    return this.#marketplaces.get(id) ?? null
  }

  marketplaces(): Marketplace[] {
    return [...this.#marketplaces.values()]
  }
}
