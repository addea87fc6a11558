// PostGraphile 5 on the same database, with its own preset: a schema of the tables, each request planned as one statement.
import { createServer } from 'node:http'

// It asks for Node.js 22, of which this is all that it needs.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((...given) => ([resolve, reject] = given))
  return { promise, resolve, reject }
}
const { postgraphile } = await import('postgraphile')
const { PostGraphileAmberPreset } = await import('postgraphile/presets/amber')
const { makePgService } = await import('postgraphile/adaptors/pg')
const { grafserv } = await import('postgraphile/grafserv/node')

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, poolConfig: { max: 16 } })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false },
})
const serv = instance.createServ(grafserv)
const server = createServer()
await serv.addTo(server)
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}/graphql`))
