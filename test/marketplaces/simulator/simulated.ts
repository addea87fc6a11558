import { FeedsApi } from '@sp-api-sdk/feeds-api-2021-06-30'
import { ListingsItemsApi } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { type Order, OrdersApi } from '@sp-api-sdk/orders-api-2026-01-01'
import { OrdersApi as OrdersApiV0 } from '@sp-api-sdk/orders-api-v0'
import axios, { type AxiosInstance } from 'axios'
import { startSimulator, type SimulatorOptions } from '../../../src/marketplaces/amazon/simulator/server.ts'

export const US = 'ATVPDKIKX0DER'
export const UK = 'A1F83G8C2ARO7P'
export const JP = 'A1VC38T7YXB528'
export const start = new Date('2026-03-02T10:00:00.000Z')

export interface SellerAccess {
  sellerId: string
  credentials: { clientId: string; clientSecret: string; refreshToken: string }
  listings: { sellerSku: string; quantity: number; strayQuantity: number | null; fulfilledBy: string; marketplaceId: string }[]
  roles: Record<string, boolean>
  quotas: Record<string, { rate: number; burst: number; available: number }>
}
export interface Recorded {
  operation: string
  sellerId: string | null
  subject: string | null
  status: number
  faults: string[]
}

/** A simulator whose clock stands still until it is advanced, with no buyers and no past unless asked for. */
export async function simulate(options: Partial<SimulatorOptions> = {}) {
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, buying: null, clock: () => start, ...options })
  const control = async <T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const answer = await fetch(`${simulator.url}/_simulator${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  const seller = async (more: object = {}): Promise<SellerAccess> =>
    (await control<{ seller: SellerAccess }>('POST', '/sellers', { marketplaces: [US], quotas: 'unlimited', ...more })).body.seller
  const token = (form: Record<string, string>) =>
    fetch(`${simulator.url}/auth/o2/token`, { method: 'POST', body: new URLSearchParams(form) })
  const accessToken = async ({ credentials }: SellerAccess): Promise<string> => {
    const answer = await token({
      grant_type: 'refresh_token',
      refresh_token: credentials.refreshToken,
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    })
    return ((await answer.json()) as { access_token: string }).access_token
  }
  /** The SDK's own classes, as that seller, at that region's base if told; no answer throws. */
  const apis = async (access: SellerAccess, region?: 'na' | 'eu' | 'fe') => {
    const base = region === undefined ? simulator.url : `${simulator.url}/${region}`
    const http: AxiosInstance = axios.create({
      headers: { 'x-amz-access-token': await accessToken(access), 'user-agent': 'test/1' },
      validateStatus: () => true,
    })
    return {
      http,
      base,
      orders: new OrdersApi(undefined, base, http),
      shipments: new OrdersApiV0(undefined, base, http),
      listings: new ListingsItemsApi(undefined, base, http),
      feeds: new FeedsApi(undefined, base, http),
    }
  }
  const order = async (access: SellerAccess, more: object = {}): Promise<Order> =>
    (await control<{ orders: [Order] }>('POST', '/orders', { sellerId: access.sellerId, marketplaceId: US, ...more })).body.orders[0]
  const advance = (advanceSeconds: number) => control('POST', '/clock', { advanceSeconds })
  const calls = async (query = '') => (await control<{ calls: Recorded[]; counts: Record<string, number> }>('GET', `/calls${query}`)).body
  return { ...simulator, control, seller, token, accessToken, apis, order, advance, calls }
}
export type Simulated = Awaited<ReturnType<typeof simulate>>

export const ago = (seconds: number): string => new Date(start.getTime() - seconds * 1000).toISOString()

/** The first error of an ErrorList. */
export function errorOf(body: unknown): { code: string; message: string; details?: string } {
  const { errors } = body as { errors: [{ code: string; message: string; details?: string }] }
  return errors[0]
}
