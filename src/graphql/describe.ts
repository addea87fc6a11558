import { getNamedType, type GraphQLField, type GraphQLNamedType, type GraphQLSchema, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql'

const roots: Readonly<Record<string, string>> = {
  Query: 'What can be read.',
  Mutation: 'What can be done. A mutation that is refused changes nothing.',
  Subscription: 'What can be followed, over WebSocket or server-sent events.',
}

/** What these names mean wherever they stand. */
const fields: Readonly<Record<string, string>> = {
  id: 'Global and opaque; `node` finds it again.',
  connection: 'The connection that it belongs to.',
  customer: 'The merchant whose it is.',
  warehouse: 'The warehouse that it is in.',
  sellerSku: 'As the marketplace has it.',
  warehouseSku: 'As the warehouse has it.',
  userErrors: 'What the caller can mend; empty where all went well.',
  version: 'Grows with every change; hand it back as `expectedVersion`.',
  cursor: 'Its position in this list: an `after` or `before`.',
  node: 'What stands there.',
  pageInfo: 'Where the page ends, and whether there is more.',
  edges: 'Each with its cursor.',
  nodes: 'The same without cursors.',
}
const inputs: Readonly<Record<string, string>> = {
  after: 'The `endCursor` of the page before this one.',
  before: 'The `startCursor` of the page after this one.',
  filter: 'Every condition given must hold; of a list, any one. Everything if left out.',
  expectedVersion: 'The `version` that the caller has seen: VERSION_CONFLICT where it is another by now.',
  id: 'As another answer had it.',
  connectionId: 'Of a connection.',
  connectionIds: 'Of connections.',
  customerId: 'Of a customer.',
  customerIds: 'Of customers.',
  warehouseId: 'Of a warehouse.',
  warehouseIds: 'Of warehouses.',
  inventoryItemId: 'Of an item.',
  orderId: 'Of an order.',
  orderLineId: 'Of a line of that order.',
  shipmentId: 'Of a shipment.',
}

/**
 * Describes what follows a convention and so says nothing of its own: pages, payloads, inputs of mutations, ids, and the fields
 * that a type has by its interface. What is described where it stands keeps its words.
 */
export function describeConventions(schema: GraphQLSchema): GraphQLSchema {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type))
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) if (root != null) root.description ??= roots[root.name]
  describeMutations(Object.values(schema.getMutationType()?.getFields() ?? {}))
  // Interfaces first: their fields' words are then those of the types that implement them.
  for (const type of types.sort((one, other) => Number(isInterfaceType(other)) - Number(isInterfaceType(one)))) {
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) field.description ??= inputs[field.name]
    if (!isInterfaceType(type) && !isObjectType(type)) continue
    const item = /^(?<item>.+)(Page|Edge)$/.exec(type.name)?.groups?.['item']
    if (item !== undefined && 'cursor' in type.getFields()) type.description ??= `One ${item} of a page.`
    if (item !== undefined && 'pageInfo' in type.getFields()) type.description ??= `A page of ${item}s.`
    for (const field of Object.values(type.getFields())) {
      field.description ??= type.getInterfaces().map((one) => one.getFields()[field.name]?.description).find((words) => words != null) ?? fields[field.name]
      for (const argument of field.args) argument.description ??= inputs[argument.name]
    }
  }
  return schema
}

function describeMutations(mutations: readonly GraphQLField<unknown, unknown>[]): void {
  const uses = new Map<GraphQLNamedType, string[]>()
  for (const { name, type, args } of mutations) {
    for (const used of [type, ...args.map((argument) => argument.type)].map((wrapped): GraphQLNamedType => getNamedType(wrapped))) uses.set(used, [...(uses.get(used) ?? []), `\`${name}\``])
    for (const argument of args) argument.description ??= `What \`${name}\` takes.`
  }
  for (const [type, names] of uses) type.description ??= `${isInputObjectType(type) ? 'Input' : 'Answer'} of ${names.join(', ')}.`
}
