import { type Clock, seconds, systemClock } from '../../../kit/clock.ts'

/** The simulator's own time: that of `base` plus whatever it was advanced by. Times are milliseconds since 1970. */
export interface SimulatorClock {
  now(): number
  /** Fractions of a second count; never backwards. */
  advance(by: number): void
}

export function createSimulatorClock(base: Clock = systemClock): SimulatorClock {
  let ahead = 0
  return {
    now: () => base().getTime() + ahead,
    advance: (by) => {
      ahead += Math.round(seconds(by))
    },
  }
}

export const iso = (at: number): string => new Date(at).toISOString()
export const hours = (n: number): number => n * 3_600_000
