import 'reflect-metadata'
import type { GraphQLSchema } from 'graphql'
import { buildSchema, type NonEmptyArray, type PubSub } from 'type-graphql'
import { URL } from 'node:url'
import { describeConventions } from './describe.ts'
import { DateTime, URLScalar } from './scalars.ts'

export type ResolverClass = abstract new (...args: never[]) => object

// type-graphql insists on one, although every subscription here brings its own `subscribe`.
const unused: PubSub = {
  publish() {},
  subscribe() {
    throw new Error('not used')
  },
}

/** The executable schema of these resolver classes. An instance of each comes from `instances` where it needs per-process things. */
export async function createSchema(resolvers: readonly ResolverClass[], instances: ReadonlyMap<ResolverClass, object> = new Map()): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: resolvers as unknown as NonEmptyArray<new () => object>,
    validate: false, // arguments are parsed where they are used, with refusals of our own
    pubSub: unused,
    scalarsMap: [
      { type: Date, scalar: DateTime },
      { type: URL, scalar: URLScalar },
    ],
    container: {
      get: (resolver: ResolverClass) => instances.get(resolver) ?? new (resolver as new () => object)(),
    },
  })
  return describeConventions(schema)
}
