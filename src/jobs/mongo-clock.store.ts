// The clock's jobs on MongoDB, for those who run it anyway: docs/decisions/0032.
import { MongoBackend } from '@agendajs/mongo-backend'
import { MongoClient, MongoServerError } from 'mongodb'
import { ConfigError } from '../config/env.ts'
import { seconds } from '../kit/clock.ts'
import type { ClockStore } from './clock-store.ts'

/** Of our own: whoever runs Agenda there has jobs in `agendaJobs`. */
const COLLECTION = 'cartage_clock'
/** Where the URL names no database. */
const DATABASE = 'cartage'
/** Without an answer for so long it counts as lost. Agenda asks for each job twice a second: what waits longer would pile up. */
const PATIENCE_MS = seconds(5)
const DUPLICATE_KEY = 11_000

/** The connection is given. Its own connect() would make of a failure an unhandled rejection, and indexes for a log that we do not keep. */
class Backend extends MongoBackend {
  override async connect(): Promise<void> {
    await this.repository.connect()
  }
}

/** What of an Agenda job is ours to write. */
interface Job {
  name: string
  type: 'single'
  priority: number
  repeatInterval: string
  nextRunAt: Date | null
  lockedAt: Date | null
  lastRunAt?: Date | null
  lastFinishedAt?: Date | null
  disabled: boolean
  lastModifiedBy?: string | null
}

/**
 * @throws in words for an operator, without the URL, where MongoDB does not answer or does not let us in
 * @throws ConfigError where its driver cannot read the URL
 */
export async function openMongoClockStore(url: string): Promise<ClockStore> {
  const client = clientOf(url)
  const db = client.db(namesDatabase(url) ? undefined : DATABASE)
  const jobs = db.collection<Job>(COLLECTION)
  try {
    await client.connect()
    await jobs.createIndex({ name: 1 }, { unique: true })
  } catch (error) {
    await client.close().catch(() => {})
    throw new Error(`MongoDB (MONGODB_URL) cannot keep the job clock: ${(error as Error).message}`, { cause: error })
  }
  return {
    name: 'MongoDB (MONGODB_URL)',
    backend: new Backend({ mongo: db, collection: COLLECTION, ensureIndex: false }),
    // Not Agenda's own every(), which upserts: it would take the lock off a job that is under way.
    async arm(wanted) {
      const now = new Date()
      for (const { name, every } of wanted) {
        await jobs.updateOne({ name }, { $setOnInsert: { type: 'single', priority: 0, repeatInterval: every, nextRunAt: now, lockedAt: null, disabled: false } }, { upsert: true }).catch(unlessThere)
        await jobs.updateOne({ name, $or: [{ repeatInterval: { $ne: every } }, { nextRunAt: null }, { disabled: true }] }, { $set: { repeatInterval: every, nextRunAt: now, disabled: false } })
      }
    },
    async retake(names, lockMs) {
      const now = new Date()
      const held = new Date(now.getTime() - lockMs)
      for (const { _id, lastRunAt, lastFinishedAt, lockedAt } of await jobs.find({ name: { $in: [...names] }, nextRunAt: { $gt: now }, $or: [{ lockedAt: null }, { lockedAt: { $lt: held } }] }).toArray()) {
        if (lastRunAt == null || (lastFinishedAt != null && lastRunAt <= lastFinishedAt)) continue
        await jobs.updateOne({ _id, lockedAt, lastRunAt }, { $set: { nextRunAt: now, lockedAt: null } })
      }
    },
    unlock: async (worker) => void (await jobs.updateMany({ lastModifiedBy: worker, lockedAt: { $ne: null } }, { $set: { lockedAt: null } })),
    ping: async () => void (await db.command({ ping: 1 })),
    close: () => client.close(),
  }
}

function clientOf(url: string): MongoClient {
  try {
    return new MongoClient(url, { appName: 'cartage', maxPoolSize: 5, serverSelectionTimeoutMS: PATIENCE_MS, connectTimeoutMS: PATIENCE_MS, socketTimeoutMS: PATIENCE_MS })
  } catch {
    throw new ConfigError(["MONGODB_URL must be a connection string that MongoDB's driver can read"]) // its own words quote the string, password and all
  }
}

/** Whether what follows the hosts names a database. It is no URL that URL could read: there may be several hosts. */
const namesDatabase = (url: string): boolean => /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(url)

/** Another worker was quicker. */
function unlessThere(error: unknown): void {
  if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error
}
