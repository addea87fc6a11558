import type { ReactElement } from 'react'
import { Letter, Paragraph } from '../mail/letter.tsx'

const until = (at: Date): string => `${new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(at)} (UTC)`
const once = 'The link opens once, and works in the browser that opened it. If it was opened already, its page sends you another.'

export const SetupLinkLetter = ({ name, customer, warehouse, url, expiresAt }: { name: string; customer: string; warehouse: string; url: string; expiresAt: Date }): ReactElement => (
  <Letter
    preview={`Connect ${customer}'s marketplace accounts to ${warehouse}`} heading="Connect your marketplace accounts" action={{ label: 'Begin', url }}
    footer={`You get this because ${warehouse} ships for ${customer}. If you did not expect it, do nothing: nothing happens without you.`}
  >
    <Paragraph>Dear {name},</Paragraph>
    <Paragraph>{warehouse} is ready to ship the orders of {customer}. On a few pages you say which marketplaces it is about, sign the agreement, and allow the warehouse’s gateway into your seller account. It takes some ten minutes.</Paragraph>
    <Paragraph>The link is yours alone and good until {until(expiresAt)}. {once}</Paragraph>
  </Letter>
)

export const AgreementLetter = ({ name, customer, warehouse, url, expiresAt }: { name: string; customer: string; warehouse: string; url: string; expiresAt: Date }): ReactElement => (
  <Letter
    preview={`The agreement between ${warehouse} and ${customer} waits for your signature`} heading="Please sign the agreement" action={{ label: 'Read and sign', url }}
    footer={`You get this because you were named as the one who signs for ${customer}. If you are not, do nothing, and tell ${warehouse}.`}
  >
    <Paragraph>Dear {name},</Paragraph>
    <Paragraph>the agreement between {warehouse} and {customer} waits for your signature. You read it, type your name, and are done.</Paragraph>
    <Paragraph>The link is yours alone and good until {until(expiresAt)}. {once}</Paragraph>
  </Letter>
)

export const SignedLetter = ({ name, connections }: { name: string; connections: readonly string[] }): ReactElement => (
  <Letter preview="Thank you for signing" heading="The agreement is signed">
    <Paragraph>Dear {name},</Paragraph>
    <Paragraph>thank you. The agreement for {new Intl.ListFormat('en').format(connections)} is signed and kept; the warehouse can give you a copy at any time.</Paragraph>
  </Letter>
)

export const SignedNote = ({ customer, connections, url }: { customer: string; connections: readonly string[]; url: string }): ReactElement => (
  <Letter preview={`${customer} has signed the agreement`} heading={`${customer} has signed`} action={{ label: 'See the connection', url }}>
    <Paragraph>The agreement for {new Intl.ListFormat('en').format(connections)} is signed.</Paragraph>
  </Letter>
)

export const RequestedNote = ({ customer, connections, url }: { customer: string; connections: readonly string[]; url: string }): ReactElement => (
  <Letter preview={`${customer} asks to be connected`} heading={`${customer} asks to be connected`} action={{ label: 'See the connection', url }}>
    <Paragraph>The survey for {new Intl.ListFormat('en').format(connections)} is answered. The agreement is to go out within a business day.</Paragraph>
  </Letter>
)

export const OverdueNote = ({ connection, what, dueAt, url }: { connection: string; what: string; dueAt: Date; url: string }): ReactElement => (
  <Letter preview={`${connection} waits for us`} heading={`${connection} is overdue`} action={{ label: 'See what it waits for', url }}>
    <Paragraph>It was promised until {dueAt.toISOString().replace('T', ' ').slice(0, 16)} UTC, and waits: {what}.</Paragraph>
  </Letter>
)

export const ReminderLetter = ({ name, customer, warehouse, what, url, expiresAt }: { name: string; customer: string; warehouse: string; what: string; url: string; expiresAt: Date }): ReactElement => (
  <Letter preview={`Still to do: ${what}`} heading="Your connection waits for you" action={{ label: 'Go on', url }} footer={`You get this because ${warehouse} ships for ${customer}. There are two such reminders at most.`}>
    <Paragraph>Dear {name},</Paragraph>
    <Paragraph>the connection of {customer} to {warehouse} is not finished: {what}.</Paragraph>
    <Paragraph>This link is good until {until(expiresAt)}. {once}</Paragraph>
  </Letter>
)
