import { GraphQLBoolean, GraphQLID, GraphQLInt, type GraphQLLeafType, GraphQLString, isEnumType } from 'graphql'

const MOST = 2 ** 31 - 1
const LEAST = -(2 ** 31)

/** Writes a value that is not null as JSON, as the type's own `serialize` would: what these do not know at a glance, they ask it. */
export function leafWriter(type: GraphQLLeafType): (value: unknown) => string {
  if (type === GraphQLString || type === GraphQLID) return (value) => (typeof value === 'string' ? JSON.stringify(value) : serialized(type, value))
  if (type === GraphQLBoolean) return (value) => (value === true ? 'true' : value === false ? 'false' : serialized(type, value))
  if (type === GraphQLInt) return (value) => (Number.isInteger(value) && (value as number) <= MOST && (value as number) >= LEAST ? String(value) : serialized(type, value))
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name, value }) => [value, JSON.stringify(name)]))
    return (value) => texts.get(value) ?? serialized(type, value)
  }
  return (value) => serialized(type, value)
}

function serialized(type: GraphQLLeafType, value: unknown): string {
  const text = JSON.stringify(type.serialize(value)) as string | undefined
  if (text === undefined || text === 'null') throw new TypeError(`${type.name} cannot represent the value`)
  return text
}
