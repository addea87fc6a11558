// Stands in for a MongoDB server: its protocol (OP_MSG, https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol) over TCP, in memory, for the
// driver and for what Agenda asks. Any other command or operator is refused by name, so that nothing passes for want of being understood.
// TEST_MONGODB_URL runs the same tests against a server of MongoDB's own.
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import { BSON, ObjectId } from 'mongodb'

type Document = Record<string, unknown>
type Filter = Record<string, unknown>

interface Collection {
  documents: Document[]
  /** Fields by which each document is the only one. */
  unique: string[]
}

export interface MongoStandIn {
  url: string
  stop(): Promise<void>
}

const [OP_REPLY, OP_QUERY, OP_MSG] = [1, 2004, 2013]
const HEADER = 16
/** As MongoDB 7.0 has it. */
const WIRE_VERSION = 21

export async function startMongoStandIn(): Promise<MongoStandIn> {
  const collections = new Map<string, Collection>()
  const sockets = new Set<Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    let received = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= HEADER && received.length >= received.readInt32LE(0)) {
        const length = received.readInt32LE(0)
        socket.write(answer(received.subarray(0, length), (command) => execute(collections, command)))
        received = received.subarray(length)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `mongodb://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function answer(message: Buffer, execute: (command: Document) => Document): Buffer {
  const [requestId, opcode] = [message.readInt32LE(4), message.readInt32LE(12)]
  // The first greeting of a driver, who cannot know yet what the server speaks.
  if (opcode === OP_QUERY) {
    const document = message.subarray(message.indexOf(0, 20) + 9)
    return framed(requestId, OP_REPLY, [Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]), BSON.serialize(execute(BSON.deserialize(document)))])
  }
  if (opcode !== OP_MSG) throw new Error(`opcode ${opcode}`)
  return framed(requestId, OP_MSG, [Buffer.from([0, 0, 0, 0, 0]), BSON.serialize(execute(commandOf(message)))])
}

function framed(responseTo: number, opcode: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const header = Buffer.alloc(HEADER)
  header.writeInt32LE(HEADER + body.length, 0)
  header.writeInt32LE(responseTo, 8)
  header.writeInt32LE(opcode, 12)
  return Buffer.concat([header, body])
}

/** A section of kind 0 is the command, one of kind 1 a list of documents for one of its fields. */
function commandOf(message: Buffer): Document {
  const command: Document = {}
  for (let at = HEADER + 4; at < message.length;) {
    const kind = message[at]
    const size = message.readInt32LE(at + 1)
    const section = message.subarray(at + 1, at + 1 + size)
    if (kind === 0) Object.assign(command, BSON.deserialize(section))
    else {
      const nameEnds = section.indexOf(0, 4)
      const documents: Document[] = []
      for (let next = nameEnds + 1; next < size; next += section.readInt32LE(next)) documents.push(BSON.deserialize(section.subarray(next, next + section.readInt32LE(next))))
      command[section.toString('utf8', 4, nameEnds)] = documents
    }
    at += 1 + size
  }
  return command
}

function execute(collections: Map<string, Collection>, command: Document): Document {
  const [name, target] = Object.entries(command)[0]!
  const database = String(command['$db'])
  const collection = (): Collection => {
    const key = `${database}.${String(target)}`
    if (!collections.has(key)) collections.set(key, { documents: [], unique: ['_id'] })
    return collections.get(key)!
  }
  try {
    switch (name) {
      case 'hello': case 'ismaster': case 'isMaster':
        return { ok: 1, helloOk: true, isWritablePrimary: true, ismaster: true, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, minWireVersion: 0, maxWireVersion: WIRE_VERSION, readOnly: false }
      case 'ping': case 'endSessions':
        return { ok: 1 }
      case 'createIndexes': {
        for (const { key, unique } of command['indexes'] as { key: Document; unique?: boolean }[]) {
          if (unique === true) collection().unique.push(...Object.keys(key))
        }
        return { ok: 1 }
      }
      case 'find': {
        const found = collection().documents.filter((one) => matches(one, command['filter'] as Filter))
        return { ok: 1, cursor: { id: new BSON.Long(0), ns: `${database}.${String(target)}`, firstBatch: found } }
      }
      case 'insert': {
        for (const document of command['documents'] as Document[]) insert(collection(), document)
        return { ok: 1, n: (command['documents'] as Document[]).length }
      }
      case 'delete': {
        const { q } = (command['deletes'] as { q: Filter }[])[0]!
        const kept = collection().documents.filter((one) => !matches(one, q))
        const n = collection().documents.length - kept.length
        collection().documents = kept
        return { ok: 1, n }
      }
      case 'update': {
        const { q, u, upsert, multi } = (command['updates'] as { q: Filter; u: Document; upsert?: boolean; multi?: boolean }[])[0]!
        const found = collection().documents.filter((one) => matches(one, q)).slice(0, multi === true ? undefined : 1)
        if (found.length > 0 || upsert !== true) {
          for (const one of found) change(one, u, false)
          return { ok: 1, n: found.length, nModified: found.length }
        }
        const made = { ...q }
        change(made, u, true)
        return { ok: 1, n: 1, nModified: 0, upserted: [{ index: 0, _id: insert(collection(), made) }] }
      }
      case 'findAndModify': {
        const order = Object.entries(command['sort'] as Record<string, number>)
        const [found] = collection().documents.filter((one) => matches(one, command['query'] as Filter)).sort((one, other) => {
          for (const [field, direction] of order) {
            const difference = Number(one[field]) - Number(other[field])
            if (difference !== 0) return direction < 0 ? -difference : difference
          }
          return 0
        })
        if (command['upsert'] === true) throw new Error('no upsert here')
        if (found !== undefined) change(found, command['update'] as Document, false)
        return { ok: 1, value: found ?? null, lastErrorObject: { n: found === undefined ? 0 : 1, updatedExisting: found !== undefined } }
      }
      case 'dropDatabase':
        for (const key of collections.keys()) if (key.startsWith(`${database}.`)) collections.delete(key)
        return { ok: 1 }
      default:
        return { ok: 0, code: 59, codeName: 'CommandNotFound', errmsg: `no such command: ${name}` }
    }
  } catch (error) {
    if (error instanceof Taken) return { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11_000, errmsg: error.message }] }
    return { ok: 0, code: 2, codeName: 'BadValue', errmsg: (error as Error).message }
  }
}

class Taken extends Error {}

function insert(collection: Collection, document: Document): unknown {
  document['_id'] ??= new ObjectId()
  for (const field of collection.unique) {
    if (collection.documents.some((one) => same(one[field], document[field]))) throw new Taken(`E11000 duplicate key error dup key: { ${field} }`)
  }
  collection.documents.push(document)
  return document['_id']
}

function change(document: Document, update: Document, inserted: boolean): void {
  for (const [operator, fields] of Object.entries(update) as [string, Document][]) {
    if (operator === '$set' || (operator === '$setOnInsert' && inserted)) Object.assign(document, fields)
    else if (operator === '$unset') for (const field of Object.keys(fields)) delete document[field]
    else if (operator !== '$setOnInsert') throw new Error(`no ${operator} here`)
  }
}

function matches(document: Document, filter: Filter): boolean {
  return Object.entries(filter).every(([field, wanted]) => {
    if (field === '$or') return (wanted as Filter[]).some((one) => matches(document, one))
    if (field.startsWith('$')) throw new Error(`no ${field} here`)
    const value = document[field]
    if (!isOperators(wanted)) return same(value, wanted)
    return Object.entries(wanted).every(([operator, operand]) => holds(operator, value, operand))
  })
}

function holds(operator: string, value: unknown, operand: unknown): boolean {
  switch (operator) {
    case '$eq': return same(value, operand)
    case '$ne': return !same(value, operand)
    case '$in': return (operand as unknown[]).some((one) => same(value, one))
    // What is of another type, or not there, is neither before nor after.
    case '$lt': return value instanceof Date && value < (operand as Date)
    case '$lte': return value instanceof Date && value <= (operand as Date)
    case '$gt': return value instanceof Date && value > (operand as Date)
    default: throw new Error(`no ${operator} here`)
  }
}

const isOperators = (wanted: unknown): wanted is Document => typeof wanted === 'object' && wanted !== null && Object.keys(wanted).some((key) => key.startsWith('$'))

/** A field that is not there is null. */
function same(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime()
  if (one instanceof ObjectId && other instanceof ObjectId) return one.equals(other)
  return (one ?? null) === (other ?? null)
}
