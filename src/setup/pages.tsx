// The merchant's pages: what is asked, and how far it is.
import type { ReactElement } from 'react'
import type { Refusal } from '../kit/errors.ts'
import { toId } from '../kit/ids.ts'
import type { Marketplace } from '../marketplaces/channel.ts'
import type { OnboardingState } from '../onboarding/onboarding.ts'
import type { OnboardingRow } from '../onboarding/onboarding.store.ts'
import { consentWords } from '../onboarding/sign-agreement.ts'
import { Choice, Errors, Field, type Form, listOf, Summary, textOf } from './forms.tsx'

const regions = { NORTH_AMERICA: 'Americas', EUROPE: 'Europe, Middle East, Africa and India', FAR_EAST: 'Asia and Pacific' } as const
const day = (at: Date, timeZone: string): string => new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at)

export const Landing = ({ customer, warehouse, expiresAt, action }: { customer: string; warehouse: string; expiresAt: Date; action: string }): ReactElement => (
  <>
    <p>Here you connect the marketplace accounts of <strong>{customer}</strong> to <strong>{warehouse}</strong>: you say which marketplaces it is about, sign the agreement, and allow the warehouse’s gateway into your seller account.</p>
    <p>The link opens once, and works from then on in this browser, until {day(expiresAt, 'UTC')} UTC.</p>
    <form method="post" action={action}><button type="submit">Begin</button></form>
  </>
)

export const surveyFields = ['marketplaceIds', 'contactName', 'contactEmail', 'merchantId', 'expectedOrdersPerDay', 'inventorySync', 'importFrom', 'notes', 'notify'] as const
export const topicWords = {
  ORDER_CREATED: 'Orders have arrived', IMPORT_FAILED: 'Orders could not be imported', TRACKING_REJECTED: 'The marketplace refused tracking', INVENTORY_REJECTED: 'The marketplace refused a stock quantity',
  CONNECTION_ATTENTION: 'The connection needs you',
} as const

export function Survey({ marketplaces, form, refusals }: { marketplaces: readonly Marketplace[]; form: Form; refusals: readonly Refusal[] }): ReactElement {
  const chosen = new Set(listOf(form, 'marketplaceIds'))
  const topics = new Set(listOf(form, 'topics'))
  const each = { form, refusals }
  return (
    <form method="post" action="/setup/survey" noValidate>
      <Summary refusals={refusals} fields={surveyFields} />
      <h2>Which marketplaces?</h2>
      <Errors refusals={refusals} name="marketplaceIds" />
      {Object.entries(regions).map(([region, name]) => (
        <fieldset key={region}>
          <legend>{name}</legend>
          {marketplaces.filter((one) => one.region === region).map(({ id, name }) => <Choice key={id} name="marketplaceIds" value={id} label={name} checked={chosen.has(id)} />)}
        </fieldset>
      ))}
      <h2>Whom do we ask?</h2>
      <Field {...each} name="contactName" label="Your name" required autoComplete="name" />
      <Field {...each} name="contactEmail" label="Your e-mail address" type="email" required autoComplete="email" />
      <h2>Your account</h2>
      <Field {...each} name="merchantId" label="Merchant ID (seller ID)" hint="Where you know it: then no other account can be connected by mistake." />
      <Field {...each} name="expectedOrdersPerDay" label="Orders a day, roughly" type="number" />
      <Field {...each} name="importFrom" label="Import orders bought since" type="date" hint="Left out: from today on." />
      <Choice name="inventorySync" value="true" label="Tell the marketplace how many of each item are in stock" checked={textOf(form, 'inventorySync') === 'true'} />
      <h2>What may we write to you about?</h2>
      <Errors refusals={refusals} name="notify" />
      {Object.entries(topicWords).map(([topic, words]) => <Choice key={topic} name="topics" value={topic} label={words} checked={topics.has(topic)} />)}
      <label htmlFor="frequency">How often?</label>
      <select id="frequency" name="frequency" defaultValue={textOf(form, 'frequency') || 'IMMEDIATE'}>
        <option value="IMMEDIATE">At once</option><option value="HOURLY">At most once an hour</option><option value="DAILY">Once a day, in the morning</option>
      </select>
      <Field {...each} name="notes" label="Anything else" rows={4} />
      <button type="submit">Ask to be connected</button>
    </form>
  )
}

export interface Shown {
  row: OnboardingRow
  state: OnboardingState
}

/** How far each connection is, and what is the merchant's to do. */
export function Progress({ connections, name }: { connections: readonly Shown[]; name: string }): ReactElement {
  if (connections.length === 0) return <p>Dear {name}, nothing is being set up any more: the connections that you asked for were ended. If that is not what you expect, ask the warehouse.</p>
  const toSign = connections.find(({ state }) => state.steps[1]?.doneAt === null)
  const done = connections.every(({ state }) => state.steps.slice(0, 3).every(({ doneAt }) => doneAt !== null))
  return (
    <>
      <p>Dear {name}, {done ? 'thank you: your part is done. The warehouse goes on from here.' : 'this is how far it is. You can come back to this page in this browser.'}</p>
      {toSign === undefined ? null : <p><a href="/setup/agreement">Read and sign the agreement</a></p>}
      {connections.map(({ row, state }) => (
        <section key={row.connectionId} aria-labelledby={row.connectionId}>
          <h2 id={row.connectionId}>{row.name}</h2>
          <ol className="steps">
            {state.steps.map(({ stage, title, doneAt, waitingFor }) => (
              <li key={stage} className={doneAt === null ? undefined : 'did'}>
                {title} <span className="dim">{doneAt === null ? `waits: ${waitingFor}` : `done ${day(doneAt, row.timeZone)}`}</span>
                {stage === 'AUTHORIZATION' && doneAt === null ? <> <a href={`/setup/connections/${toId('Connection', row.connectionId)}`}>Authorize</a></> : null}
              </li>
            ))}
          </ol>
          {state.dueAt === null ? null : <p>The warehouse has promised its part until <strong>{day(state.dueAt, row.timeZone)}</strong> ({row.timeZone}).</p>}
        </section>
      ))}
    </>
  )
}

export interface AgreementShown {
  row: OnboardingRow
  /** Null where it is signed elsewhere, or not to be signed any more. */
  documentUrl: string | null
  names: readonly string[]
}

export function AgreementPage({ row, documentUrl, names, form, refusals }: AgreementShown & { form: Form; refusals: readonly Refusal[] }): ReactElement {
  const about = <p>For {new Intl.ListFormat('en').format(names)}.</p>
  const back = <p><a href="/setup">Back to all steps</a></p>
  if (row.agreementStatus === 'SIGNED') return <>{about}<p>The agreement is signed. Thank you.</p>{documentUrl === null ? null : <p><a href={documentUrl}>Download the signed agreement</a></p>}{back}</>
  if (row.agreementStatus === 'DECLINED' || row.agreementStatus === 'VOIDED') return <>{about}<p>This agreement was {row.agreementStatus === 'DECLINED' ? 'declined' : 'withdrawn'}{row.agreementReason === null ? '' : ` (${row.agreementReason})`}. The warehouse will send another.</p>{back}</>
  if (row.agreementStatus === null) return <>{about}<p>The agreement is not ready yet.</p><form method="post" action="/setup/agreement/send"><Summary refusals={refusals} fields={[]} /><button type="submit">Prepare the agreement</button></form>{back}</>
  if (documentUrl === null && row.agreementStatus === 'NOT_SENT') return <>{about}<p>The agreement is being handed to our signature provider, which will send it to you by e-mail.</p><p><a href="/setup/agreement">Look again</a></p>{back}</>
  if (documentUrl === null) return <>{about}<p>The agreement was sent to you by e-mail by our signature provider. Sign it there; this page knows of it a few moments later.</p><p><a href="/setup/agreement">Look again</a></p>{back}</>
  return (
    <>
      {about}
      <iframe title="The agreement" src={documentUrl} />
      <p><a href={documentUrl}>Open or download the agreement (PDF)</a></p>
      <p className="dim">SHA-256 of the document: <code>{row.documentSha256}</code></p>
      <form method="post" action="/setup/agreement" noValidate>
        <Summary refusals={refusals} fields={['signature', 'accepted']} />
        <input type="hidden" name="documentSha256" value={row.documentSha256 ?? ''} />
        <Field form={form} refusals={refusals} name="signature" label="Type your name to sign" hint={`As ${row.signerName}, who was asked to sign.`} required autoComplete="name" />
        <Choice name="accepted" value="true" label={consentWords} checked={textOf(form, 'accepted') === 'true'} />
        <Errors refusals={refusals} name="accepted" />
        <button type="submit">Sign</button>
      </form>
      {back}
    </>
  )
}

export function Authorization({ row, marketplace, consents, form, refusals }: { row: OnboardingRow; marketplace: Marketplace; consents: boolean; form: Form; refusals: readonly Refusal[] }): ReactElement {
  const path = `/setup/connections/${toId('Connection', row.connectionId)}`
  const back = <p><a href="/setup">Back to all steps</a></p>
  if (row.authorizedAt !== null) return <><p>{row.name} is authorized. Thank you.</p>{back}</>
  return (
    <>
      <p>Allow the warehouse’s gateway into your seller account on {marketplace.name}.</p>
      <ol>{marketplace.authorizationSteps.map((step) => <li key={step}>{step}</li>)}</ol>
      <dl><dt>Developer</dt><dd>{marketplace.developerName}</dd>{marketplace.legacyDeveloperAccount === null ? null : <><dt>Developer account (retired MWS)</dt><dd>{marketplace.legacyDeveloperAccount}</dd></>}<dt>Marketplace ID</dt><dd>{marketplace.id}</dd></dl>
      <Summary refusals={refusals} fields={['merchantId', 'refreshToken']} />
      {consents ? <form method="post" action={`${path}/consent`}><p>You sign in at {marketplace.name} with the account that is to be connected, and are sent back here.</p><button type="submit">Go to {marketplace.name}</button></form> : null}
      <form method="post" action={`${path}/credentials`} noValidate>
        <h2>{consents ? 'Or copy the credentials by hand' : 'Copy the credentials'}</h2>
        <Field form={form} refusals={refusals} name="merchantId" label="Merchant ID" required />
        <Field form={form} refusals={refusals} name="refreshToken" label="Authorization token (refresh token)" type="password" required hint="It is kept encrypted, and shown to nobody again." />
        <button type="submit" className={consents ? 'quiet' : undefined}>Test and keep</button>
      </form>
      {back}
    </>
  )
}
