// What journeys of the set-up share: merchants without an account, their browsers and mails, and the chores that look after them.
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { readConfig } from '../../src/config/env.ts'
import type { Config } from '../../src/config/env.ts'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import { parseId, toId } from '../../src/kit/ids.ts'
import {
  CreateSetupLinkDocument, type CreateSetupLinkInput, OnboardingStepsDocument, ProvideCredentialsDocument, RequestConnectionsDocument, SendAgreementDocument, type StepsFragment,
} from '../generated/graphql.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { startSmtp } from '../support/smtp.ts'
import { type Browser, newBrowser } from './merchant-browser.ts'
import { startStage, type Told, until, US } from './stage.ts'

export const DOCK = 'dock@riverside.example'

export interface Party {
  customerId: string
  warehouseId: string
  name: string
}
export interface Seller {
  sellerId: string
  refreshToken: string
}
export type Asked = Party & { id: string; ids: string[]; email: string }

export const codes = ({ userErrors }: { userErrors: { code: string; field?: string[] | null }[] }): string[] => userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)

export async function startSettingUp(onboarding: Partial<Config['onboarding']> = {}, options: Pick<GatewayOptions, 'roles' | 'config'> = {}) {
  const smtp = await startSmtp()
  const stage = await startStage({ ...options, config: { ...options.config, mail: { smtpUrl: smtp.url, from: 'Riverside <gateway@riverside.example>', operators: [DOCK] }, onboarding: { ...readConfig({}).onboarding, ...onboarding } } })
  const origin = new URL(stage.url).origin

  async function party(name = `Kiln ${randomUUID().slice(0, 8)}`): Promise<Party> {
    const made = await createCustomer(stage.scope, { name })
    const dock = await createWarehouse(stage.scope, { name: 'Riverside', code: `W-${randomUUID().slice(0, 8)}`, timeZone: 'America/Chicago', address: { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' } })
    if ('refusals' in made || 'refusals' in dock) throw new Error('not made')
    return { customerId: toId('Customer', made.customer.id), warehouseId: toId('Warehouse', dock.warehouse.id), name }
  }

  const steps = async (id: string): Promise<StepsFragment> => (await stage.graphql(OnboardingStepsDocument, { id })).connection!
  const mailsTo = (address: string, subject: RegExp) => smtp.mails.filter((mail) => mail.to.includes(address) && subject.test(mail.headers['subject']!))

  return {
    ...stage,
    stage,
    smtp,
    origin,
    party,
    steps,
    mailsTo,
    async newSeller(marketplaces: string[] = [US]): Promise<Seller> {
      const { seller } = await stage.simulator.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', { marketplaces, quotas: 'unlimited', skus: [{ sellerSku: 'MUG', unitPrice: '12.50', quantity: 1000 }] })
      return { sellerId: seller.sellerId, refreshToken: seller.credentials.refreshToken }
    },
    /** A survey that the warehouse filled in for a merchant. */
    async asked({ marketplaceIds = [US], of }: { marketplaceIds?: string[]; of?: Party } = {}): Promise<Asked> {
      const one = of ?? (await party())
      const email = `ada-${randomUUID().slice(0, 8)}@merchant.example`
      const { requestConnections } = await stage.graphql(RequestConnectionsDocument, { input: { customerId: one.customerId, warehouseId: one.warehouseId, marketplaceIds, contactName: 'Ada Smith', contactEmail: email } })
      expect(requestConnections.userErrors).toEqual([])
      const ids = requestConnections.connections.map(({ id }) => id)
      return { ...one, id: ids[0]!, ids, email }
    },
    send: async ({ id, email }: Pick<Asked, 'id' | 'email'>, signerName = 'Ada Smith') => (await stage.graphql(SendAgreementDocument, { input: { connectionId: id, signerName, signerEmail: email } })).sendAgreement,
    provide: async (connectionId: string, { sellerId, refreshToken }: Seller) => (await stage.graphql(ProvideCredentialsDocument, { input: { connectionId, merchantId: sellerId, refreshToken } })).provideCredentials,
    async linkFor(input: Omit<CreateSetupLinkInput, 'name' | 'email'>, email = `ada-${randomUUID().slice(0, 8)}@merchant.example`) {
      const { createSetupLink } = await stage.graphql(CreateSetupLinkDocument, { input: { name: 'Ada Smith', email, ...input } })
      expect(createSetupLink.userErrors).toEqual([])
      return { ...createSetupLink.setupLink!, url: createSetupLink.url!, email }
    },
    mailTo: (address: string, subject: RegExp) => until(async () => mailsTo(address, subject)[0]),
    /** A browser that has opened a link. */
    async opened(url: string): Promise<Browser> {
      const browser = newBrowser(origin)
      expect((await browser.send(url)).status).toBe(200)
      return browser
    },
    agreementOf: async (id: string) => (await steps(id)).onboarding.agreement,
    summaries: async (id: string): Promise<string[]> => (await told(id)).map(({ summary }) => summary),
    told,
    /** Has a worker do a chore, which else comes round when it does, and waits until it is done. */
    async chore(name: string): Promise<void> {
      const { rows: [before] } = await stage.db.pool.query<{ now: Date }>('UPDATE agenda_jobs SET next_run_at = now() WHERE name = $1 RETURNING now()', [name])
      if (before === undefined) throw new Error(`there is no chore ${name}`)
      await until(async () => (await stage.db.pool.query('SELECT FROM agenda_jobs WHERE name = $1 AND last_run_at >= $2 AND last_finished_at >= last_run_at', [name, before.now])).rowCount === 1)
    },
    /** Lines of /metrics. */
    metric: async (name: string): Promise<string[]> => (await (await fetch(`${origin}/metrics`)).text()).split('\n').filter((line) => line.startsWith(name)),
    async stop(): Promise<void> {
      await stage.stop()
      await smtp.stop()
    },
  }

  function told(id: string): Promise<Told[]> {
    return stage.told({ connectionId: id, uuid: parseId(id)!.uuid, sellerId: '', customerId: '', warehouseId: '' })
  }
}

export type SettingUp = Awaited<ReturnType<typeof startSettingUp>>
export const linkIn = ({ text }: { text: string }): string => /https?:\/\/\S+\/setup\/\S+/.exec(text)![0]
