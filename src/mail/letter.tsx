import { Body } from '@react-email/body'
import { Button } from '@react-email/button'
import { Container } from '@react-email/container'
import { Head } from '@react-email/head'
import { Heading } from '@react-email/heading'
import { Hr } from '@react-email/hr'
import { Html } from '@react-email/html'
import { Preview } from '@react-email/preview'
import { Text } from '@react-email/text'
import type { ReactElement, ReactNode } from 'react'

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif'
const styles = {
  body: { backgroundColor: '#f4f5f7', fontFamily: sans, margin: 0, padding: '24px 0' },
  container: { backgroundColor: '#ffffff', borderRadius: '8px', maxWidth: '600px', padding: '32px' },
  heading: { color: '#1b1f24', fontSize: '22px', lineHeight: '28px', margin: '0 0 16px' },
  text: { color: '#1b1f24', fontSize: '15px', lineHeight: '23px', margin: '0 0 14px' },
  button: { backgroundColor: '#1f5fbf', borderRadius: '6px', color: '#ffffff', fontSize: '15px', fontWeight: 600, padding: '11px 20px', textDecoration: 'none' },
  rule: { borderColor: '#e3e6ea', margin: '28px 0 16px' },
  small: { color: '#6b7480', fontSize: '12px', lineHeight: '18px', margin: '0 0 6px' },
} as const

/** A paragraph of a letter. */
export const Paragraph = ({ children }: { children: ReactNode }): ReactElement => <Text style={styles.text}>{children}</Text>

export interface LetterProps {
  /** What an inbox shows beside the subject. */
  preview: string
  heading: string
  children: ReactNode
  /** The one thing to do. */
  action?: { label: string; url: string }
  /** Why it came, and how to have no more of them: a paragraph each. */
  footer?: ReactNode
}

/** How every mail of ours looks. */
export function Letter({ preview, heading, children, action, footer }: LetterProps): ReactElement {
  return (
    <Html lang="en">
      <Head />
      <Preview>{preview}</Preview>
      <Body style={styles.body}>
        <Container style={styles.container}>
          <Heading as="h1" style={styles.heading}>{heading}</Heading>
          {children}
          {action === undefined ? null : <Button href={action.url} style={styles.button}>{action.label}</Button>}
          <Hr style={styles.rule} />
          <Text style={styles.small}>{footer ?? 'Sent by Cartage, the warehouse’s gateway to marketplaces.'}</Text>
        </Container>
      </Body>
    </Html>
  )
}
