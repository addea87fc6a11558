import { vi } from 'vitest'

/** Waits until a check holds. What fails takes long, so that a busy machine may: Vitest's own second is not enough for one. */
export const soon = <T>(check: () => T | Promise<T>, options: { timeout?: number; interval?: number } = {}): Promise<T> => vi.waitFor(check, { timeout: 20_000, ...options })
