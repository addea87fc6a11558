// What most would write first: the gateway's own contract on Apollo with its defaults, and Prisma's include for what hangs on an order.
import { readFileSync } from 'node:fs'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '../../dist/db/generated/client.js'

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 16 }) })
const money = (amount, currencyCode) => (amount === null ? null : { amount: amount.toString(), currencyCode })
const at = new Date(process.env.AFTER_AT)

const resolvers = {
  Query: {
    orders: async (_, { first }) => ({
      nodes: await prisma.order.findMany({
        where: { importedAt: { lte: at }, OR: [{ importedAt: { lt: at } }, { importedAt: at, id: { lt: process.env.AFTER_ID } }] },
        orderBy: [{ importedAt: 'desc' }, { id: 'desc' }], take: first,
        include: { connection: true, lines: { orderBy: { lineNumber: 'asc' } }, shipments: { orderBy: { packageNumber: 'asc' } } },
      }),
    }),
  },
  DateTime: undefined,
  Order: { total: ({ total, currency }) => money(total, currency) },
  Shipment: { routing: (row) => row, tracking: ({ trackingStatus }) => ({ status: trackingStatus }) },
}
delete resolvers.DateTime
for (const name of ['Node', 'Event']) resolvers[name] = { __resolveType: () => null }
const server = new ApolloServer({ typeDefs: readFileSync('schema/schema.graphql', 'utf8'), resolvers, nodeEnv: 'production' })
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
console.log(`ready ${url}`)
