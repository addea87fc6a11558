/** The time of day, as something that can be handed over. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

export const seconds = (n: number): number => n * 1000
export const minutes = (n: number): number => n * 60_000
export const days = (n: number): number => n * 86_400_000

/** `at` moved by `milliseconds`, which may be negative. */
export const shifted = (at: Date, milliseconds: number): Date => new Date(at.getTime() + milliseconds)
