// What became of a seller's authorization when the marketplace sent them back, and the words for it. Pure.

export type AuthorizationOutcome =
  | { kind: 'done'; connection: string }
  /** The seller did not consent. */
  | { kind: 'denied' }
  /** No consent of ours: forged, or of a connection that was disconnected. */
  | { kind: 'stateInvalid' }
  | { kind: 'stateExpired' }
  | { kind: 'stateUsed' }
  /** Who began it may not do so any more, or the connection has ended. */
  | { kind: 'notAllowed'; because: string }
  /** The marketplace says that its code was used, is too old, or is none. */
  | { kind: 'codeRefused'; because: string }
  | { kind: 'otherAccount'; because: string }
  /** Another connection has that account: no more is told. */
  | { kind: 'taken' }
  | { kind: 'checksFailed'; because: string[] }
  | { kind: 'marketplaceUnavailable' }

export interface OutcomeWords {
  /** - `unavailable`: the same may succeed later. */
  outcome: 'done' | 'refused' | 'unavailable'
  title: string
  /** What happened, and what to do next: a paragraph each. */
  words: string[]
}

const again = 'Ask whoever sent you here to begin the authorization again: each link works once.'
const nothing = 'Nothing was stored.'

export function wordsOf(outcome: AuthorizationOutcome): OutcomeWords {
  const refused = (title: string, ...words: string[]): OutcomeWords => ({ outcome: 'refused', title, words })
  switch (outcome.kind) {
    case 'done':
      return {
        outcome: 'done', title: 'The account is connected',
        words: [`${outcome.connection} is authorized. You can close this page.`, 'The warehouse goes on from here: it tests the account and sets the connection live.'],
      }
    case 'denied':
      return refused('The authorization was declined', `The marketplace says that you did not consent. ${nothing}`, again)
    case 'stateInvalid':
      return refused('This link is not known', `It does not belong to an authorization that was begun here. ${nothing}`, again)
    case 'stateExpired':
      return refused('This link is too old', `An authorization has to be finished within 30 minutes. ${nothing}`, again)
    case 'stateUsed':
      return refused('This link was used already', 'If the page before this one said that the account is connected, there is nothing left to do.', `Otherwise: ${again.charAt(0).toLowerCase()}${again.slice(1)}`)
    case 'notAllowed':
      return refused('This authorization cannot be finished', `${sentence(outcome.because)} ${nothing}`, 'Ask whoever sent you here.')
    case 'codeRefused':
      return refused('The marketplace refused the authorization', `${sentence(outcome.because)} ${nothing}`, again)
    case 'otherAccount':
      return refused('This is another account', `${sentence(outcome.because)} ${nothing}`, `Sign out at the marketplace, and sign in with the right account. ${again}`)
    case 'taken':
      return refused('This account is connected already', `Another connection has this seller account on this marketplace. ${nothing}`, 'Ask whoever sent you here.')
    case 'checksFailed':
      return refused('The account cannot be used', ...outcome.because.map(sentence), nothing, again)
    case 'marketplaceUnavailable':
      return {
        outcome: 'unavailable', title: 'The marketplace does not answer',
        words: [`It could not be asked about the account just now. ${nothing}`, `Wait a few minutes. ${again}`],
      }
  }
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
