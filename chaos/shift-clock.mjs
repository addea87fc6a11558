// Loaded by a gateway before its program (NODE_OPTIONS=--import): the time of day of that process alone, ahead or behind by as many
// milliseconds as stand in CLOCK_FILE. Timers and performance.now() go on, as they do when somebody sets a machine's clock.
import { readFileSync } from 'node:fs'

const LOOK_MS = 100

let shift = 0
const look = () => {
  try {
    shift = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0
  } catch {
    shift = 0
  }
}
look()
setInterval(look, LOOK_MS).unref()

const RealDate = Date
const now = () => RealDate.now() + shift
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
