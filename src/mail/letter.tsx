import { Body } from '@react-email/body'
import { Button } from '@react-email/button'
import { Container } from '@react-email/container'
import { Head } from '@react-email/head'
import { Heading } from '@react-email/heading'
import { Hr } from '@react-email/hr'
import { Html } from '@react-email/html'
import { Link } from '@react-email/link'
import { Preview } from '@react-email/preview'
import { Section } from '@react-email/section'
import { Text } from '@react-email/text'
import type { ReactElement, ReactNode } from 'react'
import { sheet, styles } from './look.ts'

/** A paragraph of a letter. */
export const Paragraph = ({ children }: { children: ReactNode }): ReactElement => <Text className="ink" style={styles.text}>{children}</Text>

export const Anchor = ({ url, children }: { url: string; children: ReactNode }): ReactElement => <Link href={url} className="link" style={styles.link}>{children}</Link>

/** What a marketplace, or somebody else, said. */
export const Quote = ({ children }: { children: ReactNode }): ReactElement => <blockquote className="dim line" style={styles.quote}>{children}</blockquote>

/** Labels and what stands beside them. */
export const Facts = ({ facts }: { facts: readonly { label: string; value: ReactNode }[] }): ReactElement => (
  <table data-facts="true" cellPadding="0" cellSpacing="0" style={styles.facts}>
    <tbody>
      {facts.map(({ label, value }) => <tr key={label}><th scope="row" className="dim" style={styles.label}>{label}</th><td className="ink" style={styles.value}>{value}</td></tr>)}
    </tbody>
  </table>
)

/** A part of a letter with a heading of its own, as a digest has several. */
export const Part = ({ title, children }: { title: string; children: ReactNode }): ReactElement => (
  <>
    <Heading as="h2" className="ink" style={styles.subheading}>{title}</Heading>
    {children}
  </>
)

/** One of many things of a kind. */
export interface Entry {
  title: string
  /** Where it is seen or mended. */
  url?: string
  /** What happened to it, why, when. */
  detail?: ReactNode
}

/** Things of a kind; `more` says that there are others, which are not named. */
export const Entries = ({ entries, more }: { entries: readonly Entry[]; more?: ReactNode }): ReactElement => (
  <>
    <ul style={styles.entries}>
      {entries.map(({ title, url, detail }, index) => (
        <li key={index} className="ink line" style={styles.entry}>
          {url === undefined ? title : <Anchor url={url}>{title}</Anchor>}
          {detail === undefined ? null : <><br /><span className="dim" style={styles.detail}>{detail}</span></>}
        </li>
      ))}
    </ul>
    {more === undefined ? null : <Paragraph>{more}</Paragraph>}
  </>
)

export interface LetterProps {
  /** What an inbox shows beside the subject. */
  preview: string
  heading: string
  children: ReactNode
  /** The one thing to do. */
  action?: { label: string; url: string }
  /** Why it came. */
  footer?: ReactNode
  /** Where to have no more of them. */
  unsubscribe?: { label: string; url: string }
}

/** How every mail of ours looks. */
export function Letter({ preview, heading, children, action, footer, unsubscribe }: LetterProps): ReactElement {
  return (
    <Html lang="en">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style dangerouslySetInnerHTML={{ __html: sheet }} />
      </Head>
      <Body className="body" style={styles.body}>
        <Preview>{preview}</Preview>
        <Container className="paper" style={styles.container}>
          <Section>
            <div className="inside" style={styles.inside}>
              <Heading as="h1" className="ink" style={styles.heading}>{heading}</Heading>
              {children}
              {action === undefined ? null : <Button href={action.url} className="button" style={styles.button}>{action.label}</Button>}
              <Hr className="line" style={styles.rule} />
              <Text className="dim" style={styles.small}>{footer ?? 'Sent by Cartage, the warehouse’s gateway to marketplaces.'}</Text>
              {unsubscribe === undefined ? null : <Text className="dim" style={styles.small}><Anchor url={unsubscribe.url}>{unsubscribe.label}</Anchor></Text>}
            </div>
          </Section>
        </Container>
      </Body>
    </Html>
  )
}
