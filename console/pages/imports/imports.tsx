// Imports: what could not be imported, by its cause; what runs brought; and where any order is.
import { type ReactElement, useEffect } from 'react'
import { useLocation, useSearch } from 'wouter'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { PageTabs } from '../../kit/tabs.tsx'
import { Failures } from './failures.tsx'
import { Runs } from './runs.tsx'
import { Trace } from './trace.tsx'

type Tab = 'failures' | 'runs' | 'trace'

export default function Imports(): ReactElement {
  const [, go] = useLocation()
  const search = useSearch()
  const parameters = new URLSearchParams(search)
  const tab = (['failures', 'runs', 'trace'] as const).find((name) => name === parameters.get('tab')) ?? 'failures'
  const choose = (name: Tab): void => go(name === 'failures' ? '/imports' : `/imports?tab=${name}`)
  useEffect(() => void (document.title = 'Imports · Cartage'), [])
  useShortcuts([
    { keys: '1', does: 'What failed', group: 'Imports', run: () => choose('failures') },
    { keys: '2', does: 'Runs', group: 'Imports', run: () => choose('runs') },
    { keys: '3', does: 'Where is an order?', group: 'Imports', run: () => choose('trace') },
  ])
  return (
    <>
      <Head name="Imports"><PageTabs label="Imports" chosen={tab} onChoose={choose} tabs={[{ name: 'failures', words: 'What failed' }, { name: 'runs', words: 'Runs' }, { name: 'trace', words: 'Where is an order?' }]} /></Head>
      {tab === 'failures' ? <Failures asked={parameters.get('failure')} /> : tab === 'runs' ? <Runs connectionId={parameters.get('connection')} /> : <Trace />}
    </>
  )
}
