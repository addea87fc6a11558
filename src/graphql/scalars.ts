import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLURL } from 'graphql-scalars'

const text = (name: string, parse: (value: string) => unknown) => ({
  parseValue: (value: unknown) => {
    if (typeof value !== 'string') throw new GraphQLError(`${name} must be a string`, { extensions: { code: 'BAD_USER_INPUT' } })
    return parse(value)
  },
  parseLiteral: (node: { kind: string; value?: unknown }) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError(`${name} must be a string`, { extensions: { code: 'BAD_USER_INPUT' } })
    return parse(node.value as string)
  },
})

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in UTC, RFC 3339 with milliseconds: 2026-11-23T14:45:00.000Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value instanceof Date ? value : new Date(value as string)).toISOString(),
  ...text('DateTime', (value) => {
    const date = new Date(value)
    if (!instant.test(value) || Number.isNaN(date.getTime())) {
      throw new GraphQLError('DateTime must be an RFC 3339 instant such as 2026-11-23T14:45:00.000Z', { extensions: { code: 'BAD_USER_INPUT' } })
    }
    return date
  }) as { parseValue: (value: unknown) => Date; parseLiteral: () => Date },
})

export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'An exact decimal number, as a string: "12.50".',
  serialize: String,
  ...text('Decimal', (value) => {
    if (!/^-?\d{1,15}(\.\d{1,8})?$/.test(value)) {
      throw new GraphQLError('Decimal must be a plain decimal number such as "12.50"', { extensions: { code: 'BAD_USER_INPUT' } })
    }
    return value
  }) as { parseValue: (value: unknown) => string; parseLiteral: () => string },
})

export const EmailAddress = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'An e-mail address. What is none is a user error with its path.',
  serialize: String,
  ...text('EmailAddress', (value) => value) as { parseValue: (value: unknown) => string; parseLiteral: () => string },
})

export const EventCursor = new GraphQLScalarType<string, string>({
  name: 'EventCursor',
  description: 'A position in the event log. Opaque, totally ordered, stable for as long as the log is kept.',
  serialize: String,
  ...text('EventCursor', (value) => value) as { parseValue: (value: unknown) => string; parseLiteral: () => string },
})

export const URLScalar: GraphQLScalarType = GraphQLURL
