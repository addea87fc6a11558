// What may be done with a connection, by its status. Pure.

export type ConnectionStatus = 'ONBOARDING' | 'LIVE' | 'PAUSED' | 'NEEDS_ATTENTION' | 'DISCONNECTED'
export type ConnectionAction = 'pause' | 'resume' | 'updateSettings' | 'runJobNow' | 'mapSkus'

/** Where a change of status may start from, and where it ends. `requireAttention` is the jobs' own. */
export const transitions = {
  pause: { from: ['LIVE', 'NEEDS_ATTENTION'], to: 'PAUSED' },
  resume: { from: ['PAUSED', 'NEEDS_ATTENTION'], to: 'LIVE' },
  requireAttention: { from: ['LIVE'], to: 'NEEDS_ATTENTION' },
} as const satisfies Record<string, { from: readonly ConnectionStatus[]; to: ConnectionStatus }>

const notDisconnected: readonly ConnectionStatus[] = ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION']
const allowedIn: Readonly<Record<ConnectionAction, readonly ConnectionStatus[]>> = {
  pause: transitions.pause.from,
  resume: transitions.resume.from,
  updateSettings: notDisconnected,
  runJobNow: ['LIVE'],
  mapSkus: notDisconnected,
}

const states: Readonly<Record<ConnectionStatus, string>> = {
  ONBOARDING: 'is not set up yet',
  LIVE: 'is live',
  PAUSED: 'is paused',
  NEEDS_ATTENTION: 'needs attention',
  DISCONNECTED: 'is disconnected',
}

/** Why not, for people; null where it may be done. */
export const whyNot = (action: ConnectionAction, status: ConnectionStatus): string | null => (allowedIn[action].includes(status) ? null : `the connection ${states[status]}`)

export interface SupportedAction {
  action: string
  allowed: boolean
  reason: string | null
}

export function supportedActions(status: ConnectionStatus): SupportedAction[] {
  return (Object.keys(allowedIn) as ConnectionAction[]).map((action) => {
    const reason = whyNot(action, status)
    return { action, allowed: reason === null, reason }
  })
}
