// Keys that do something on the page that is open; `?` lists them. Nothing happens while somebody types, or a dialog is open.
import { Modal } from '@mantine/core'
import { type ReactElement, useEffect, useState, useSyncExternalStore } from 'react'

export interface Shortcut {
  /** As KeyboardEvent.key has it, a sequence with a space between: `g o`. `Mod+` is Ctrl, or Command. */
  keys: string
  does: string
  group: string
  run: (event: KeyboardEvent) => void
  /** Listed in the overlay although a part of the page handles it by itself. */
  listedOnly?: boolean
}

let active: readonly (readonly Shortcut[])[] = []
const listeners = new Set<() => void>()
const tell = (): void => listeners.forEach((listener) => listener())

let pending = ''
let pendingTimer: ReturnType<typeof setTimeout> | undefined

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || document.querySelector('[role=dialog][aria-modal=true]') !== null) return
  const target = event.target as HTMLElement
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !['checkbox', 'radio'].includes((target as HTMLInputElement).type)
  const mod = event.ctrlKey || event.metaKey
  if ((typing && !mod) || target.isContentEditable) return
  const key = `${mod ? 'Mod+' : ''}${event.key}`
  const shortcuts = [...active].reverse().flat().filter(({ listedOnly }) => listedOnly !== true)
  const sequence = pending === '' ? key : `${pending} ${key}`
  const found = shortcuts.find(({ keys }) => keys === sequence) ?? shortcuts.find(({ keys }) => keys === key)
  clearTimeout(pendingTimer)
  pending = ''
  if (found !== undefined) {
    event.preventDefault()
    found.run(event)
  } else if (shortcuts.some(({ keys }) => keys.startsWith(`${key} `))) {
    pending = key
    pendingTimer = setTimeout(() => (pending = ''), 1200)
  }
}
addEventListener('keydown', pressed)

/** For as long as the component is shown. The functions may change; the keys and words do not. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const [latest] = useState<{ of: readonly Shortcut[] }>({ of: shortcuts })
  latest.of = shortcuts
  useEffect(() => {
    const own = shortcuts.map((one, index) => ({ ...one, run: (event: KeyboardEvent) => latest.of[index]?.run(event) }))
    active = [...active, own]
    tell()
    return () => {
      active = active.filter((one) => one !== own)
      tell()
    }
    // The list is fixed for a component.
  }, [latest])
}

const shown = (keys: string): string[] => keys.split(' ').map((key) => key.replace('Mod+', /mac/i.test(navigator.platform) ? '⌘ ' : 'Ctrl ').replace('ArrowDown', '↓').replace('ArrowUp', '↑').replace('Escape', 'Esc').replace(/^[a-z]$/, (one) => one.toUpperCase()))

export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactElement {
  const all = useSyncExternalStore((listener) => (listeners.add(listener), () => void listeners.delete(listener)), () => active).flat()
  const groups = [...new Set(all.map(({ group }) => group))].reverse()
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <div className="two" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))' }}>
        {groups.map((group) => (
          <section key={group}>
            <h3 style={{ marginBottom: 6 }}>{group}</h3>
            <table className="table"><tbody>
              {all.filter((one) => one.group === group).map(({ keys, does }) => (
                <tr key={keys}><td style={{ width: 110 }}>{shown(keys).map((key, index) => <span key={`${keys}${key}`}>{index > 0 ? ' ' : ''}<kbd>{key}</kbd></span>)}</td><td>{does}</td></tr>
              ))}
            </tbody></table>
          </section>
        ))}
      </div>
    </Modal>
  )
}
