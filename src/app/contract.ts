// The contract as it is served: every field has its entry in the table of permissions, and what a mutation does is done in its name.
import { defaultFieldResolver, type GraphQLSchema, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql'
import { uncovered } from '../auth/permissions.ts'
import type { Scope } from '../auth/scope.ts'
import { createSchema } from '../graphql/schema.ts'
import { resolverClasses, resolverInstances, type ResolverProcess } from './resolvers.ts'

/** @throws Error where a field of the contract is missing in the table of permissions, or the table has one that is not there */
export async function createContract(process: ResolverProcess): Promise<GraphQLSchema> {
  const schema = await createSchema(resolverClasses, resolverInstances(process))
  const { missing, unknown } = uncovered(fieldsOf(schema))
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(['src/auth/permissions.ts', ...missing.map((one) => `has no entry for ${one}`), ...unknown.map((one) => `knows ${one}, which the contract does not have`)].join('\n  '))
  }
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = (root, args, scope: Scope, info) => resolve(root, args, { ...scope, action: field.name }, info)
  }
  return schema
}

export function* fieldsOf(schema: GraphQLSchema): Iterable<readonly [type: string, field: string]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || (!isObjectType(type) && !isInterfaceType(type))) continue
    for (const field of Object.keys(type.getFields())) yield [type.name, field]
  }
}
