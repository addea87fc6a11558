import type { ReactElement, ReactNode } from 'react'
import type { Refusal } from '../kit/errors.ts'

/** What was typed into a form: text, or several where a name has several boxes. */
export type Form = Readonly<Record<string, string | readonly string[] | undefined>>

/** The first of a name; blank where there is none. NUL, which no text of ours holds, is left out. */
export const textOf = (form: Form, name: string): string => {
  const value = form[name]
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).replaceAll('\0', '')
}
export const listOf = (form: Form, name: string): string[] => {
  const value = form[name]
  return typeof value === 'string' ? [value] : [...(value ?? [])]
}

const refusedAt = (refusals: readonly Refusal[], name: string): Refusal[] => refusals.filter(({ field }) => field?.[0] === name)

export function Errors({ refusals, name }: { refusals: readonly Refusal[]; name: string }): ReactElement {
  return <>{refusedAt(refusals, name).map(({ message }) => <p className="error" id={`${name}-error`} key={message}>{sentence(message)}</p>)}</>
}

interface FieldProps {
  name: string
  label: string
  form: Form
  refusals: readonly Refusal[]
  hint?: ReactNode
  type?: 'text' | 'email' | 'number' | 'date' | 'password'
  required?: boolean
  autoComplete?: string
  rows?: number
}

/** A labelled field with what was typed, and what is wrong with it. */
export function Field({ name, label, form, refusals, hint, type = 'text', required = false, autoComplete = 'off', rows }: FieldProps): ReactElement {
  const wrong = refusedAt(refusals, name).length > 0
  const described = [hint === undefined ? null : `${name}-hint`, wrong ? `${name}-error` : null].filter(Boolean).join(' ') || undefined
  const common = { id: name, name, required, autoComplete, 'aria-describedby': described, 'aria-invalid': wrong || undefined, maxLength: 5000 }
  return (
    <>
      <label htmlFor={name}>{label}{required ? '' : ' (optional)'}</label>
      {hint === undefined ? null : <p className="dim" id={`${name}-hint`}>{hint}</p>}
      {rows === undefined ? <input {...common} type={type} defaultValue={type === 'password' ? '' : textOf(form, name)} /> : <textarea {...common} rows={rows} defaultValue={textOf(form, name)} />}
      <Errors refusals={refusals} name={name} />
    </>
  )
}

export const Choice = ({ name, value, label, checked, type = 'checkbox' }: { name: string; value: string; label: ReactNode; checked: boolean; type?: 'checkbox' | 'radio' }): ReactElement => (
  <label className="choice"><input type={type} name={name} value={value} defaultChecked={checked} /> <span>{label}</span></label>
)

/** What is wrong and stands at no field of the page. */
export function Summary({ refusals, fields }: { refusals: readonly Refusal[]; fields: readonly string[] }): ReactElement | null {
  const others = refusals.filter(({ field }) => field?.[0] === undefined || !fields.includes(field[0]))
  if (refusals.length === 0) return null
  return (
    <div role="alert">
      <p className="error">{others.length === 0 ? 'Something is not right yet: see below.' : others.map(({ message }) => sentence(message)).join(' ')}</p>
    </div>
  )
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
