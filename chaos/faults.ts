// What is done to the gateway, each thing as it happens to real ones. A fault ends with everything put back: what recovers, recovers by itself.
import { setTimeout as sleep } from 'node:timers/promises'
import { within } from '../bench/site.ts'
import type { Random } from '../src/marketplaces/amazon/simulator/random.ts'
import type { Harm } from './chronicle.ts'
import type { Member } from './fleet.ts'
import type { Stage } from './stage.ts'

export interface Fault {
  kind: string
  /** Two of different places may come together. */
  at: 'processes' | 'postgres' | 'ways'
  harms: readonly Harm[]
  /** Why it cannot be done here, in words; null where it can. */
  impossible?: (stage: Stage) => string | null
  /** Everything that is chosen is chosen by `random`, in this order. What it answers is told. */
  strike: (stage: Stage, random: Random) => Promise<string>
}

/** How long something lasts, in milliseconds of a run at full length. */
const lasting = ({ pace }: Stage, random: Random, least: number, most: number): number => Math.round(random.between(least, most) * pace)
const pick = <T>(random: Random, of: readonly T[]): T => random.pick(of as readonly [T, ...T[]])
const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const noDisk = ({ cluster }: Stage): string | null => (cluster.canFill ? null : 'only root may mount the small disks that it takes')

/** Until a run is under way, so that what follows meets one. */
async function atWork({ site }: Stage): Promise<void> {
  await within(10, async () => (await site.rows(`SELECT FROM job_runs WHERE status = 'RUNNING' LIMIT 1`)).length > 0)
}

/** Of several connections at random moments, for so long. */
async function cutNowAndThen(ways: readonly { cut(random: Random, share?: number): number }[], random: Random, ms: number): Promise<number> {
  let cut = 0
  for (const until = performance.now() + ms; performance.now() < until; await sleep(random.between(50, 400))) for (const way of ways) cut += way.cut(random, 0.2)
  return cut
}

async function stall(ways: readonly { stall(): void; flow(): void }[], ms: number): Promise<void> {
  for (const way of ways) way.stall()
  await sleep(ms)
  for (const way of ways) way.flow()
}

/** Of a process that runs until the balancer has seen it. */
const READY_SECONDS = 120
/** Longer than a lock holds without a heartbeat. */
const pastTheLock = (random: Random): number => random.between(36_000, 60_000)

async function shiftClock(stage: Stage, random: Random, sign: 1 | -1): Promise<string> {
  const member = pick(random, stage.fleet.all)
  const [minutes, ms] = [random.between(5, 360), lasting(stage, random, 8000, 25_000)]
  member.shiftClock(sign * minutes * 60_000)
  await sleep(ms)
  member.shiftClock(0)
  return `${member.name} ${minutes} minutes, for ${inSeconds(ms)}`
}

async function killed(stage: Stage, member: Member, random: Random): Promise<string> {
  const ms = lasting(stage, random, 0, 4000)
  await member.kill()
  await sleep(ms)
  await member.start()
  return `${member.name}, gone for ${inSeconds(ms)}`
}

export const faults: readonly Fault[] = [
  { kind: 'kill -9 of an API', at: 'processes', harms: ['killed', 'clients'], strike: (stage, random) => killed(stage, pick(random, stage.fleet.apis), random) },
  {
    kind: 'kill -9 of a worker at work',
    at: 'processes',
    harms: ['killed'],
    async strike(stage, random) {
      const worker = pick(random, stage.fleet.workers)
      await atWork(stage)
      await sleep(random.between(0, 250))
      return killed(stage, worker, random)
    },
  },
  {
    kind: 'kill -9 of everything',
    at: 'processes',
    harms: ['killed', 'clients'],
    async strike({ fleet }) {
      await Promise.all(fleet.all.map((member) => member.kill()))
      await Promise.all(fleet.all.map((member) => member.start()))
      return `${fleet.all.length} processes`
    },
  },
  {
    kind: 'a worker that stood still past its locks (SIGSTOP)',
    at: 'processes',
    harms: ['stopped'],
    async strike(stage, random) {
      const [worker, ms] = [pick(random, stage.fleet.workers), pastTheLock(random)]
      await atWork(stage)
      worker.freeze()
      await sleep(ms)
      worker.thaw()
      return `${worker.name} for ${inSeconds(ms)}`
    },
  },
  {
    kind: 'a worker that PostgreSQL did not hear past its locks',
    at: 'ways',
    harms: ['stopped', 'database'],
    async strike(stage, random) {
      const [worker, ms, cut] = [pick(random, stage.fleet.workers), pastTheLock(random), random.chance(0.5)]
      await atWork(stage)
      await stall([worker.database], ms)
      if (cut) worker.database.cut(random)
      return `${worker.name} for ${inSeconds(ms)}${cut ? ', then cut off' : ''}`
    },
  },
  {
    kind: 'rolling restart (SIGTERM)',
    at: 'processes',
    harms: ['clients'],
    async strike({ fleet, balancer }) {
      for (const member of fleet.all) {
        await member.stop()
        await member.start()
        if (member.role === 'api' && !(await within(READY_SECONDS, async () => balancer.ready === fleet.apis.length))) throw new Error(`${member.name} did not become ready`)
      }
      return `${fleet.all.length} processes, one after the other`
    },
  },
  {
    kind: 'PostgreSQL killed (kill -9)',
    at: 'postgres',
    harms: ['database', 'clients'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 0, 6000)
      await stage.cluster.crash(ms)
      return `down for ${inSeconds(ms)}`
    },
  },
  {
    kind: 'PostgreSQL restarted',
    at: 'postgres',
    harms: ['database', 'clients'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 0, 3000)
      await stage.cluster.restart(ms)
      return `down for ${inSeconds(ms)}`
    },
  },
  {
    kind: 'failover to the standby',
    at: 'postgres',
    harms: ['database', 'clients'],
    async strike({ cluster, fleet }, random) {
      const since = performance.now()
      await cluster.failOver()
      for (const { database } of fleet.all) database.cut(random)
      const took = performance.now() - since
      await cluster.addStandby()
      return `after ${inSeconds(took)}; a new standby was made`
    },
  },
  {
    kind: 'failover, the old machine gone without a word',
    at: 'postgres',
    harms: ['database', 'clients'],
    async strike({ cluster, fleet }) {
      await cluster.failOver(() => {
        for (const { database } of fleet.all) database.abandon()
      })
      const since = performance.now()
      await cluster.addStandby()
      return `a new standby was made in ${inSeconds(performance.now() - since)}`
    },
  },
  {
    kind: 'connections to PostgreSQL cut',
    at: 'ways',
    harms: ['database', 'clients'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 4000, 10_000)
      return `${await cutNowAndThen(stage.fleet.all.map(({ database }) => database), random, ms)} in ${inSeconds(ms)}`
    },
  },
  {
    kind: 'PostgreSQL silent',
    at: 'ways',
    harms: ['database', 'clients'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 3000, 20_000)
      await stall(stage.fleet.all.map(({ database }) => database), ms)
      return `for ${inSeconds(ms)}`
    },
  },
  {
    kind: 'connections to Amazon cut',
    at: 'ways',
    harms: ['amazon'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 4000, 10_000)
      return `${await cutNowAndThen(stage.fleet.all.map(({ amazon }) => amazon), random, ms)} in ${inSeconds(ms)}`
    },
  },
  {
    kind: 'Amazon silent',
    at: 'ways',
    harms: ['amazon'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 5000, 40_000)
      await stall(stage.fleet.all.map(({ amazon }) => amazon), ms)
      return `for ${inSeconds(ms)}`
    },
  },
  {
    kind: "PostgreSQL's disk full",
    at: 'postgres',
    harms: ['database', 'disk', 'clients'],
    impossible: noDisk,
    async strike(stage, random) {
      const ms = lasting(stage, random, 5000, 15_000)
      const { died } = await stage.cluster.fillDisk(ms, random.chance(0.5))
      return `for ${inSeconds(ms)}; PostgreSQL ${died ? 'died of it, and was started again' : 'lived on'}`
    },
  },
  {
    kind: "a gateway's DATA_DIR full",
    at: 'processes',
    harms: ['killed', 'clients'],
    impossible: noDisk,
    async strike({ fleet }, random) {
      const member = pick(random, fleet.all)
      await member.data.fill()
      await member.kill()
      const refused = member.refusals.length
      const starting = member.start()
      await within(30, async () => member.isRunning || member.refusals.length > refused)
      const running = member.isRunning
      member.data.free()
      await starting
      return `${member.name} ${running ? 'started all the same' : `did not start, ${member.refusals.length - refused} times, and did once there was room`}`
    },
  },
  { kind: 'a clock set forward', at: 'ways', harms: ['clock'], strike: (stage, random) => shiftClock(stage, random, 1) },
  { kind: 'a clock set back', at: 'ways', harms: ['clock'], strike: (stage, random) => shiftClock(stage, random, -1) },
  {
    kind: 'the mail server refuses everything',
    at: 'ways',
    harms: ['mail'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 5000, 15_000)
      stage.mail.goAway()
      await sleep(ms)
      stage.mail.comeBack()
      return `for ${inSeconds(ms)}`
    },
  },
  {
    kind: 'receivers of webhooks answer 503',
    at: 'ways',
    harms: ['receiver'],
    async strike(stage, random) {
      const ms = lasting(stage, random, 3000, 12_000)
      stage.receiver.goAway()
      await sleep(ms)
      stage.receiver.comeBack()
      return `for ${inSeconds(ms)}`
    },
  },
  {
    kind: 'clients cut off',
    at: 'ways',
    harms: ['clients'],
    async strike(stage, random) {
      const left = stage.followers.filter(() => random.chance(0.5))
      for (const follower of left) follower.leave()
      const ms = lasting(stage, random, 2000, 6000)
      return `${await cutNowAndThen([stage.balancer.proxy], random, ms)} in ${inSeconds(ms)}; ${left.length} subscribers left and came back`
    },
  },
]
