import fc from 'fast-check'
import {
  execute, getNamedType, type GraphQLField, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, isAbstractType, isLeafType, isNonNullType, parse, validate,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChannels } from '../../src/app/channels.ts'
import { resolverClasses, resolverInstances } from '../../src/app/resolvers.ts'
import type { Scope } from '../../src/auth/scope.ts'
import { Sealer } from '../../src/auth/seal.ts'
import { readConfig } from '../../src/config/env.ts'
import { CompiledExecution } from '../../src/execution/compiled.ts'
import { createSchema } from '../../src/graphql/schema.ts'
import { MemoryLedger } from '../../src/marketplaces/amazon/sp-api/memory-ledger.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { Networks } from '../../src/webhooks/target.ts'
import { type Merchant, routing, startStage } from '../journeys/stage.ts'
import { plainOnboarding } from '../support/onboarding.ts'

const now = new Date()
let stage: Awaited<ReturnType<typeof startStage>>
let schema: GraphQLSchema
let compiled: CompiledExecution
/** With a clock that stands still: two executions tell the same. */
let scope: Scope
/** What arguments may be given: ids of what is there, and of what is not. */
const known: Record<string, string[]> = {}

beforeAll(async () => {
  stage = await startStage()
  scope = { ...stage.scope, clock: () => now }
  const channels = createChannels(readConfig({}).amazon, stage.simulator.url, { ledger: new MemoryLedger(), carrierCodes: builtIn.amazonCarrierCodes, clock: scope.clock, log: scope.log, metrics: new Metrics() })
  schema = await createSchema(resolverClasses, resolverInstances({ channels, carriers: builtIn.carriers, sealer: new Sealer(stage.key), publicUrl: () => 'http://127.0.0.1', networks: new Networks([]), onboarding: plainOnboarding() }))
  compiled = new CompiledExecution(schema)
  const merchants: Merchant[] = []
  for (const unmapped of [[], ['BOWL']]) {
    const one = await stage.merchant({ unmapped, chargeRules: [{ code: 'PICK', amount: '0.35', basis: 'UNIT' }, { code: 'PACK', amount: '1.00', basis: 'ORDER' }] })
    await stage.buy(one, { count: 6 })
    await stage.buy(one, { items: [{ sellerSku: 'MUG', quantity: 1, unitPrice: '5.00' }, { sellerSku: 'PACK', quantity: 3, unitPrice: '2.50' }], count: 3 })
    for (const sellerSku of unmapped) await stage.buy(one, { items: [{ sellerSku, quantity: 1, unitPrice: '5.00' }] })
    await stage.run(one, 'IMPORT_ORDERS')
    merchants.push(one)
  }
  const { orders } = await stage.graphql<{ orders: { nodes: { id: string; number: string; connection: { id: string } }[] } }>('{ orders { nodes { id number connection { id } } } }')
  await stage.graphql('mutation ($input: ShipAndCloseInput!) { shipAndClose(input: $input) { closed } }', {
    input: { idempotencyKey: 'some', orders: orders.nodes.slice(0, 4).map(({ id }) => ({ orderId: id })), routing, charges: [{ code: 'PALLET', amount: { amount: '10.00', currencyCode: 'USD' } }], applyCharges: 'DIVIDED_EVENLY' },
  })
  const { shipments, inventory, jobRuns } = await stage.graphql<Record<'shipments' | 'inventory' | 'jobRuns', { nodes: { id: string }[] }>>('{ shipments { nodes { id } } inventory { nodes { id } } jobRuns { nodes { id } } }')
  for (const one of merchants) await stage.told(one) // from here on the log tells no more than it does
  const ids = [orders, shipments, inventory, jobRuns].flatMap(({ nodes }) => nodes.slice(0, 3).map(({ id }) => id))
  Object.assign(known, {
    'Query.node.id': ids, 'Query.nodes.ids': ids, 'Query.order.id': orders.nodes.map(({ id }) => id), 'Query.shipment.id': shipments.nodes.map(({ id }) => id),
    'Query.inventoryItem.id': inventory.nodes.map(({ id }) => id), 'Query.connection.id': orders.nodes.map(({ connection }) => connection.id),
    'Query.orderByNumber.connectionId': [orders.nodes[0]!.connection.id], 'Query.orderByNumber.number': [orders.nodes[0]!.number, 'none'],
    'Query.orderTrace.connectionId': [orders.nodes[0]!.connection.id], 'Query.orderTrace.number': [orders.nodes[0]!.number, 'none'],
  })
}, 120_000)
afterAll(() => stage.stop())

const DEEPEST = 5
const MOST_FIELDS = 120

/** A random valid document over the whole schema: aliases, both kinds of fragments, conditions by variable and by value. */
class Writer {
  readonly #pick: (most: number) => number
  readonly #fragments: string[] = []
  #fields = 0
  #aliases = 0

  /** `turn` gives whole numbers from 0. */
  constructor(turn: () => number) {
    this.#pick = (most) => turn() % most
  }

  document(): string {
    const query = `query ($yes: Boolean!, $no: Boolean! = false) ${this.#selection(schema.getQueryType()!, 0)}`
    return [query, ...this.#fragments].join('\n')
  }

  #selection(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type)
    if (isLeafType(named)) return ''
    if (isAbstractType(named)) {
      const kinds = schema.getPossibleTypes(named).filter(() => this.#pick(3) > 0)
      return `{ __typename ${kinds.map((kind) => `... on ${kind.name} ${this.#selection(kind, depth)}`).join(' ')} }`
    }
    const fields = Object.values((named as GraphQLObjectType).getFields()).filter((field) => this.#mayAsk(named as GraphQLObjectType, field, depth))
    const asked = fields.filter(() => this.#pick(3) === 0).map((field) => this.#field(named as GraphQLObjectType, field, depth))
    const condition = ['', '', '', ' @include(if: $yes)', ' @skip(if: $no)', ' @skip(if: $yes)', ' @include(if: false)'][this.#pick(7)]!
    if (asked.length > 1 && this.#pick(4) === 0) asked.push(`... on ${named.name}${condition} { ${asked.pop()!} }`)
    if (asked.length > 1 && this.#pick(4) === 0) {
      const name = `F${this.#fragments.length}`
      this.#fragments.push('')
      this.#fragments[Number(name.slice(1))] = `fragment ${name} on ${named.name} { __typename ${asked.pop()!} }`
      asked.push(`...${name}${condition} ...${name}`)
    }
    return `{ ${['__typename', ...asked].join(' ')} }`
  }

  #mayAsk(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): boolean {
    if (field.name === 'eventCursor') return false // another at each transaction
    if (this.#fields > MOST_FIELDS || (depth >= DEEPEST && !isLeafType(getNamedType(field.type)))) return false
    return field.args.every((argument) => !isNonNullType(argument.type) || known[`${type.name}.${field.name}.${argument.name}`] !== undefined)
  }

  #field(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string {
    this.#fields++
    const given = field.args.flatMap((argument) => {
      const values = known[`${type.name}.${field.name}.${argument.name}`]
      if (values !== undefined) return [`${argument.name}: ${field.name === 'nodes' ? JSON.stringify(values) : JSON.stringify(values[this.#pick(values.length)])}`]
      return argument.name === 'first' ? [`first: ${1 + this.#pick(4)}`] : []
    })
    const alias = this.#pick(3) === 0 ? `a${++this.#aliases}: ` : ''
    // The same key twice with other arguments would be another field.
    const key = alias === '' && given.length > 0 ? `a${++this.#aliases}: ` : alias
    return `${key}${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${this.#selection(field.type, depth + 1)}`
  }
}

describe('compiled execution', () => {
  it('answers every document without errors to the letter as graphql-js does, and leaves the others to it', async () => {
    let compiledAnswers = 0
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 1_000_000 })), fc.boolean(), async (numbers, yes) => {
        const stream = numbers[Symbol.iterator]()
        const text = new Writer(() => stream.next().value as number).document()
        const document = parse(text)
        fc.pre(validate(schema, document).length === 0) // two types of an interface may have fields of one name and of different types
        const variables = { yes }
        const expected = await execute({ schema, document, contextValue: scope, variableValues: variables })
        const answer = await compiled.read({ document, variables, scope })
        if (expected.errors === undefined) expect(answer).toBe(JSON.stringify(expected.data))
        else expect(answer).toBeNull()
        if (answer !== null) compiledAnswers++
        for (const [, name] of text.matchAll(/(\w+)/g)) seen.add(name!)
      }),
      { numRuns: 150 },
    )
    expect(compiledAnswers).toBeGreaterThan(100)
    // The generator reaches what it should.
    for (const name of ['shipTo', 'chargesTotal', 'explanation', 'lastOrderImport', 'OrderEvent', 'orderLine', 'history', 'authorizationSteps']) expect(seen).toContain(name)
  }, 120_000)

  const read = (text: string, variables: Record<string, unknown> = {}) => compiled.read({ document: parse(text), variables, scope })

  /** A scope that tells which statements were made. */
  const listening = () => {
    const statements: string[] = []
    const pool = new Proxy(stage.db.pool, { get: (of, name) => (name === 'query' ? (query: { text: string }) => (statements.push(query.text), of.query(query as never)) : Reflect.get(of, name)) })
    return { statements, scope: { ...scope, db: { ...stage.db, pool } } }
  }

  it('reads the columns that are asked for, be it of nodes or of edges, and no others', async () => {
    const { statements, scope: heard } = listening()
    const text = '{ orders(first: 2) { nodes { number total { amount } lines { title } } edges { cursor node { units connection { name } } } } }'
    expect(await compiled.read({ document: parse(text), scope: heard })).not.toBeNull()
    const columns = statements.map((one) => /SELECT (.*?) FROM/s.exec(one)![1]!.replace(/, json_build_array.*/, ''))
    expect(columns.sort()).toEqual(['id, connection_id, number, currency, total, units', 'id, name', 'order_id, title'])
  })

  it('reads what all orders of a page have in common by as many statements as one order needs', async () => {
    const { statements, scope: counting } = listening()
    const count = async (first: number): Promise<number> => {
      statements.length = 0
      const text = `{ orders(first: ${first}) { nodes { id connection { name customer { name } } lines { sellerSku inventoryItem { available } } charges { code } shipments { id lines { quantity } } shipTo { city } } } }`
      expect(await compiled.read({ document: parse(text), scope: counting })).not.toBeNull()
      return statements.length
    }
    expect(await count(18)).toBe(await count(1))
    expect(statements.length).toBeGreaterThan(5)
  })

  it('leaves errors, what is null against its type, and questions about the schema to graphql-js', async () => {
    expect(await read('{ orders(first: 0) { nodes { id } } }')).toBeNull()
    expect(await read('{ order(id: "nonsense") { id } viewer: orders(first: 1) { totalCount } }')).toBeNull()
    expect(await read('{ __schema { queryType { name } } }')).toBeNull()
    expect(await read('query ($first: Int!) { orders(first: $first) { totalCount } }', { first: 'many' })).toBeNull()
    expect(await read('query Other { orders { totalCount } } query Another { orders { totalCount } }')).toBeNull()
  })

  it('takes conditions from variables anew each time that a document is used', async () => {
    const document = parse('query ($with: Boolean = true) { marketplaces(region: FAR_EAST) { id @include(if: $with) countryCode @skip(if: $with) } }')
    const answer = async (variables: Record<string, unknown>) => Object.keys((JSON.parse((await compiled.read({ document, variables, scope }))!) as { marketplaces: object[] }).marketplaces[0]!)
    expect(await answer({})).toEqual(['id'])
    expect(await answer({ with: false })).toEqual(['countryCode'])
    expect(await answer({ with: true })).toEqual(['id'])
  })

  it('executes several root values at once, each with what is its own', async () => {
    const document = parse('subscription { events { id type connection { name } } }')
    const { rows } = await stage.db.pool.query<{ id: string; xid: string; type: string; connectionId: string; customerId: string }>(
      `SELECT id::text, xid::text, type, connection_id AS "connectionId", customer_id AS "customerId", occurred_at AS "occurredAt", summary FROM events WHERE type = 'ORDER_IMPORTED' ORDER BY events.id LIMIT 5`)
    const texts = await compiled.readEach({ document, scope }, rows)
    expect(texts!.map((text) => (JSON.parse(text) as { events: { id: string } }).events.id)).toEqual(rows.map(({ id }) => `evt_${id}`))
  })
})

