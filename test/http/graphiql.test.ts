import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { buildSchema, getVariableValues, Kind, parse, validate } from 'graphql'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BEGINNING, encodePosition } from '../../src/events/read.ts'
import { exampleTabs } from '../../src/http/graphiql.ts'
import { type Planted, startPlanted } from './planted.ts'
import { hasChromium, openChromium } from '../support/chromium.ts'

const contract = path.join(import.meta.dirname, '../../schema/schema.graphql')

const operationsOf = (text: string) => parse(text).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)

describe('the saved examples', async () => {
  const tabs = await exampleTabs()
  test('are the six commonest tasks, and how a merchant is connected', () => {
    expect(tabs.map(({ query }) => operationsOf(query)[0]!.name?.value)).toEqual(['FindOrders', 'PreviewShipAndClose', 'ShipAndClose', 'TraceOrder', 'ExplainStock', 'WatchEvents', 'ConnectAMerchant'])
  })
  test('events are watched from the beginning of the log', () => {
    expect(JSON.parse(tabs[5]!.variables)).toEqual({ after: encodePosition(BEGINNING) })
  })
  test('they keep to the contract, with their variables', () => {
    const schema = buildSchema(readFileSync(contract, 'utf8'))
    for (const { query, variables } of tabs) {
      const document = parse(query)
      expect(validate(schema, document)).toEqual([])
      for (const operation of operationsOf(query)) {
        expect(getVariableValues(schema, operation.variableDefinitions ?? [], JSON.parse(variables) as Record<string, unknown>)).not.toHaveProperty('errors')
      }
    }
  })
})

let server: Planted
beforeAll(async () => {
  server = await startPlanted({ localToken: () => server.token })
})
afterAll(() => server.stop())

/** As fetch, which does not let a Host be set. */
const page = (at: Planted, headers: Record<string, string> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    http.get(`${at.url}/graphiql`, { headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text))
    }).on('error', reject)
  })

test('the token is for a browser on this machine that asks for this machine', async () => {
  const { port } = new URL(server.url)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) expect(await page(server, { host })).toContain(server.token)
  for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, `localhost.evil.example`]) expect(await page(server, { host })).not.toContain(server.token)
  expect(await page(server, { 'x-forwarded-for': '203.0.113.9' })).not.toContain(server.token)
})

test('where people bring their own token, none is handed out', async () => {
  const asked = await startPlanted({ localToken: null })
  expect(await page(asked)).toContain('"token":null')
  await asked.stop()
})

describe.skipIf(!hasChromium)('in a browser without a network', () => {
  let browser: Browser
  let tab: Page
  const complaints: string[] = []
  const elsewhere: string[] = []

  beforeAll(async () => {
    browser = await openChromium()
    tab = await browser.newPage()
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    tab.on('pageerror', (error) => complaints.push(String(error)))
    tab.on('request', (request) => !request.url().startsWith(server.url) && !request.url().startsWith('data:') && elsewhere.push(request.url()))
    await tab.goto(`${server.url}/graphiql`)
    await tab.waitForSelector('.graphiql-query-editor .CodeMirror')
  })
  afterAll(() => browser.close())

  interface Editor {
    CodeMirror: { getValue(): string; setValue(value: string): void }
  }
  const run = async (name: string, query: string): Promise<void> => {
    await tab.locator('.graphiql-query-editor .CodeMirror').evaluate((element, text) => (element as unknown as Editor).CodeMirror.setValue(text), query)
    await tab.locator('.graphiql-tab-active', { hasText: name }).waitFor() // the editor has understood
    await tab.getByRole('button', { name: /Execute query/ }).click()
  }
  const answer = (text: string): Promise<void> => tab.locator('.result-window .CodeMirror', { hasText: text }).waitFor()
  const tool = (nth: number): Promise<string> => tab.locator('.graphiql-editor-tool .CodeMirror').nth(nth).evaluate((element) => (element as unknown as Editor).CodeMirror.getValue())
  const variables = (): Promise<string> => tool(0)
  const headers = (): Promise<string> => tool(1)

  test('opens with the examples and the token', async () => {
    await expect.poll(() => tab.locator('.graphiql-tab').count()).toBe(7)
    expect(await headers()).toContain(server.token)
  })

  test('knows the schema, and runs a query', async () => {
    await run('Who', 'query Who { viewerName }')
    await answer('tester')
  })

  test('runs a subscription', async () => {
    await run('Ticks', 'subscription Ticks { ticks(count: 7) }')
    await answer('"ticks": 7')
    await tab.getByRole('button', { name: /Stop query/ }).click()
  })

  test('every tab has its example, and the third its variables', async () => {
    await tab.locator('.graphiql-tab').nth(2).getByRole('button', { name: 'ShipAndClose' }).click()
    await expect.poll(variables).toContain('DIVIDED_EVENLY')
    await expect.poll(headers).toContain(server.token)
  })

  test('is still signed in when the page is loaded again', async () => {
    await tab.reload()
    await tab.waitForSelector('.graphiql-query-editor .CodeMirror')
    await run('Again', 'query Again { viewerName }')
    await answer('tester')
    await expect.poll(headers).toContain(server.token)
  })

  test('without a complaint, and from nowhere else', () => {
    expect(complaints).toEqual([])
    expect(elsewhere).toEqual([])
  })
})
