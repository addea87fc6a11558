// Another encryption key for all that is sealed, while a gateway imports, renews and posts; afterwards the old key opens nothing that is needed.
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../journeys/child.ts'
import { startSettingUp } from '../journeys/setting-up.ts'
import { type Merchant, until } from '../journeys/stage.ts'
import {
  HoldOrdersDocument, ImportFailuresDocument, MapSkusDocument, OnboardingStepsDocument, OrderByNumberDocument, ProvideCredentialsDocument, RetryImportsDocument, RunJobNowDocument, SaveWebhookDocument, SignAgreementDocument,
} from '../generated/graphql.ts'
import { startGateway } from '../support/gateway.ts'
import { isSigned, startReceiver } from '../support/receiver.ts'

const command = path.join(import.meta.dirname, '../../dist/app/keys-rotate.js')
const text = (key: Uint8Array): string => Buffer.from(key).toString('base64')

test('under load: all is sealed anew, nothing written meanwhile is lost, and the new key alone opens everything', { timeout: 120_000 }, async ({ onTestFinished }) => {
  const setting = await startSettingUp({}, { roles: ['api', 'simulator'] })
  const receiver = await startReceiver()
  const dataDir = await temporaryFolder()
  const { stage } = setting
  onTestFinished(async () => {
    await setting.stop()
    await receiver.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const [old, fresh] = [stage.key[0], crypto.getRandomValues(new Uint8Array(32))]
  const rotate = (...keys: Uint8Array[]): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [command], {
    env: { PATH: process.env['PATH'], DATABASE_URL: stage.database.url, DATA_DIR: dataDir, ENCRYPTION_KEY: keys.map(text).join() },
  })

  // Something of everything that is sealed.
  const before = await startGateway({ roles: ['worker'], database: stage.database, simulator: stage.simulator.url, config: { encryptionKeys: [old] } })
  const merchant = await stage.merchant({ unmapped: ['BOWL'] })
  const [sold] = await stage.buy(merchant)
  await stage.buy(merchant, { count: 60, items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const asked = await setting.asked()
  expect((await setting.send(asked)).userErrors).toEqual([])
  const signed = await stage.graphql(SignAgreementDocument, { input: { connectionId: asked.id, signature: 'Ada Smith', accepted: true } })
  expect(signed.signAgreement.userErrors).toEqual([])
  await before.stop()
  const networks = { webhookNetworks: ['127.0.0.0/8'] }
  const both = await startGateway({ roles: ['api', 'worker'], database: stage.database, simulator: stage.simulator.url, config: { ...networks, encryptionKeys: [fresh, old] } })
  const { saveWebhook } = await both.graphql(SaveWebhookDocument, { input: { connectionId: merchant.connectionId, url: receiver.url, topics: ['ORDER_HELD'] } })
  const seller = await setting.newSeller()
  const others: Merchant[] = []
  for (let n = 0; n < 3; n++) others.push(await stage.merchant())
  await expect(rotate(fresh)).rejects.toMatchObject({ stderr: expect.stringContaining('ENCRYPTION_KEY must have the new key') })

  const load = { on: true, done: 0 }
  const busy = [
    ...others.map(async (one) => {
      while (load.on) {
        await both.graphql(RunJobNowDocument, { input: { connectionId: one.connectionId, kind: 'SWEEP_ORDERS' } })
        await stage.buy(one)
        load.done += 1
      }
    }),
    (async () => {
      while (load.on) {
        const { provideCredentials } = await both.graphql(ProvideCredentialsDocument, { input: { connectionId: asked.id, merchantId: seller.sellerId, refreshToken: seller.refreshToken } })
        expect(provideCredentials.userErrors).toEqual([])
        load.done += 1
      }
    })(),
  ]
  const { stdout } = await rotate(fresh, old).finally(() => (load.on = false))
  await Promise.all(busy)
  expect(load.done).toBeGreaterThan(10)
  expect(stdout).toContain('the others can be dropped')
  expect(stdout).toMatch(/import_failures\.recorded +60 sealed anew/)
  expect(stdout).toMatch(/agreements\.signed_sealed +1 sealed anew/)
  await both.stop()

  // In no column of no table there is anything that the new key did not seal.
  const { rows: columns } = await stage.db.pool.query<{ table: string; column: string }>(`SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'`)
  const found = new Map<string, Set<string>>()
  for (const { table, column } of columns) {
    const { rows } = await stage.db.pool.query<{ sealed: string }>(`SELECT "${column}" AS sealed FROM "${table}" WHERE "${column}" ~ '^eyJ[\\w-]+\\.\\.[\\w-]+\\.'`)
    if (rows.length > 0) found.set(`${table}.${column}`, new Set(rows.map(({ sealed }) => String(decodeProtectedHeader(sealed).kid))))
  }
  expect([...found.keys()].sort()).toEqual(['agreements.document_sealed', 'agreements.signed_sealed', 'authorizations.sealed', 'import_failures.recorded', 'webhooks.secret'])
  expect(new Set([...found.values()].flatMap((kids) => [...kids])).size).toBe(1)

  const next = await startGateway({ roles: ['api', 'worker'], database: stage.database, simulator: stage.simulator.url, config: { ...networks, encryptionKeys: [fresh] } })
  onTestFinished(() => next.stop())
  await next.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'BOWL', warehouseSku: 'MUG' }] } })
  const { importFailures } = await next.graphql(ImportFailuresDocument, { filter: { connectionIds: [merchant.connectionId] } })
  const { retryImports } = await next.graphql(RetryImportsDocument, { input: { failureIds: importFailures.nodes.map(({ id }) => id) } })
  expect(retryImports.resolved).toHaveLength(importFailures.nodes.length)
  const { runJobNow } = await next.graphql(RunJobNowDocument, { input: { connectionId: merchant.connectionId, kind: 'IMPORT_ORDERS' } })
  expect(await stage.ended(runJobNow.jobRun!.id)).toMatchObject({ status: 'SUCCEEDED' })
  const { connection } = await next.graphql(OnboardingStepsDocument, { id: asked.id })
  const document = await fetch(connection!.onboarding.agreement!.documentUrl!)
  expect([document.status, document.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  const { orderByNumber } = await next.graphql(OrderByNumberDocument, { connectionId: merchant.connectionId, number: sold!.orderId })
  await next.graphql(HoldOrdersDocument, { input: { orderIds: [orderByNumber!.id], reason: 'OTHER' } })
  await until(async () => receiver.taken.length > 0)
  expect(isSigned(receiver.taken[0]!, saveWebhook.secret!)).toBe(true)
  await expect(rotate(crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(32)))).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('could not be opened') })
})
