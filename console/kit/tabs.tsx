import { type KeyboardEvent, type ReactElement, useRef } from 'react'

/** Tabs of a page: arrows move between them. */
export function PageTabs<Name extends string>({ label, tabs, chosen, onChoose }: { label: string; tabs: readonly { name: Name; words: string; count?: number | undefined }[]; chosen: Name; onChoose: (name: Name) => void }): ReactElement {
  const list = useRef<HTMLDivElement>(null)
  const keyed = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    const next = tabs[(tabs.findIndex(({ name }) => name === chosen) + by + tabs.length) % tabs.length]!
    onChoose(next.name)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus()
  }
  return (
    <div ref={list} role="tablist" aria-label={label} className="chips" onKeyDown={keyed}>
      {tabs.map(({ name, words, count }) => <button key={name} type="button" role="tab" data-tab={name} className="chip" aria-selected={name === chosen} aria-pressed={undefined} tabIndex={name === chosen ? 0 : -1} onClick={() => onChoose(name)}>{words}{count === undefined || count === 0 ? '' : ` ${count}`}</button>)}
    </div>
  )
}
