import type { AgendaBackend } from 'agenda'

/** A job of the clock: one row, whichever worker gets it. */
export interface ClockJob {
  /** Unique. */
  name: string
  /** In Agenda's words, e.g. "1 hour", or milliseconds in digits. */
  every: string
}

/** Where Agenda keeps the clock's jobs. They only say when to look; what is due stands in PostgreSQL, whichever store this is. */
export interface ClockStore {
  /** For people, e.g. "MongoDB (MONGODB_URL)". */
  readonly name: string
  readonly backend: AgendaBackend
  /** Adds what is missing, due at once, and changes what is due at another interval. A job that somebody has or that waits for its time stays as it is, however many workers start. */
  arm(jobs: readonly ClockJob[]): Promise<void>
  /**
   * Makes due those of these jobs that were begun, never ended, and which nobody has any more: Agenda moves a job's time on before it begins it, so that
   * one whose worker was killed would wait for its next. `lockMs`: for so long a lock holds without a sign of life.
   */
  retake(names: readonly string[], lockMs: number): Promise<void>
  /** Frees what this worker has locked ahead of its time. */
  unlock(worker: string): Promise<void>
  /** @throws where it does not answer */
  ping(): Promise<void>
  close(): Promise<void>
}
