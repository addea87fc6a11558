// What stands around every page.
import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconActivity, IconBuildingWarehouse, IconChartBar, IconInbox, IconKeyboard, IconLayoutSidebar, IconLogout, IconMoon, IconPackages, IconPlug, IconRefreshAlert, IconSearch, IconSun, IconTruckDelivery, IconUser } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useKept, useLostAt } from '../data/ask.ts'
import { settings } from '../data/settings.ts'
import { useShipList } from '../data/ship-list.ts'
import icon from '../icon.svg'
import { clock, title } from '../kit/format.ts'
import { ShortcutsHelp, useShortcuts } from './shortcuts.tsx'
import { useViewer } from './viewer.ts'

interface Place {
  href: string
  name: string
  key: string
  icon: ReactElement
}

const size = 17
const home: Place = { href: '/', name: 'Dashboard', key: 'g d', icon: <IconChartBar size={size} /> }
const find: Place = { href: '/orders', name: 'Find Orders', key: 'g o', icon: <IconSearch size={size} /> }
const ship: Place = { href: '/ship', name: 'Ship and close', key: 'g s', icon: <IconTruckDelivery size={size} /> }
const imports: Place = { href: '/imports', name: 'Imports', key: 'g i', icon: <IconRefreshAlert size={size} /> }
const stock: Place = { href: '/inventory', name: 'Inventory', key: 'g n', icon: <IconPackages size={size} /> }
const connections: Place = { href: '/connections', name: 'Connections', key: 'g c', icon: <IconPlug size={size} /> }
const activity: Place = { href: '/activity', name: 'Activity', key: 'g a', icon: <IconActivity size={size} /> }
const mail: Place = { href: '/mail', name: 'Mailbox', key: 'g m', icon: <IconInbox size={size} /> }

export function Frame({ children }: { children: ReactNode }): ReactElement {
  const viewer = useViewer()
  const [path, go] = useLocation()
  const [narrow, setNarrow] = useKept('sidebar.narrow', false)
  const [help, setHelp] = useState(false)
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const waiting = useShipList().length
  const groups: [string | null, Place[]][] = [
    [null, [home]],
    ['Orders', [find]],
    ...(viewer.works ? [['Manage', [ship]] satisfies [string, Place[]]] : []),
    ['Channels', [imports, stock, connections]],
    ['Watch', [activity, ...(settings().mailbox ? [mail] : [])]],
  ]
  const places = groups.flatMap(([, of]) => of)
  useShortcuts([
    ...[home, find, ship, imports, stock, connections, activity].map(({ href, name, key }) => ({ keys: key, does: name, group: 'Go to', run: () => go(href) })),
    { keys: '?', does: 'This list', group: 'Everywhere', run: () => setHelp(true) },
    { keys: '/', does: 'Search on this page', group: 'Everywhere', run: () => document.querySelector<HTMLInputElement>('[data-search]')?.focus() },
  ])
  const isHere = (href: string): boolean => (href === '/' ? path === '/' || path === '/dashboard' : path === href || path.startsWith(`${href}/`))
  return (
    <div className={`frame${narrow ? ' narrow' : ''}`}>
      <nav className="side" aria-label="Pages">
        <Link href="/" className="brand" aria-label={narrow ? 'Cartage' : undefined}><img src={icon} alt="" />{narrow ? null : 'Cartage'}</Link>
        {groups.map(([name, of]) => (
          <div key={name ?? ''}>
            {name === null || narrow ? null : <div className="group">{name}</div>}
            {of.map((place) => (
              <Link key={place.href} href={place.href} className="nav" aria-current={isHere(place.href) ? 'page' : undefined} title={narrow ? place.name : undefined} aria-label={narrow ? place.name : undefined}>
                {place.icon}
                {narrow ? null : <span className="grow cut">{place.name}</span>}
                {!narrow && place === ship && waiting > 0 ? <span className="tag info">{waiting}<span className="visually-hidden"> chosen</span></span> : null}
              </Link>
            ))}
          </div>
        ))}
        <div className="foot">
          {viewer.warehouse === null || narrow ? null : (
            <Menu position="top-start">
              <Menu.Target>
                <button type="button" className="chip cut" style={{ borderRadius: 5, textAlign: 'left', display: 'flex', gap: 6, alignItems: 'center' }} title={`${viewer.warehouse.name}: times are by its clock`}><IconBuildingWarehouse size={15} /><span className="cut">{viewer.warehouse.code} · {viewer.zone}</span></button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>Times are shown by the clock of</Menu.Label>
                {viewer.warehouses.map(({ id, name, timeZone }) => <Menu.Item key={id} onClick={() => viewer.chooseWarehouse(id)}>{name} ({timeZone})</Menu.Item>)}
              </Menu.Dropdown>
            </Menu>
          )}
          <div className="row" style={{ gap: 2, flexWrap: 'wrap' }}>
            <Tooltip label={narrow ? 'Wider' : 'Narrower'}><ActionIcon aria-label={narrow ? 'Widen the navigation' : 'Narrow the navigation'} onClick={() => setNarrow(!narrow)}><IconLayoutSidebar size={17} /></ActionIcon></Tooltip>
            <Tooltip label={scheme === 'dark' ? 'Light' : 'Dark'}><ActionIcon aria-label={scheme === 'dark' ? 'Light colours' : 'Dark colours'} onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>{scheme === 'dark' ? <IconSun size={17} /> : <IconMoon size={17} />}</ActionIcon></Tooltip>
            <Tooltip label="Keyboard shortcuts (?)"><ActionIcon aria-label="Keyboard shortcuts" onClick={() => setHelp(true)}><IconKeyboard size={17} /></ActionIcon></Tooltip>
            <Menu position="top-start">
              <Menu.Target><ActionIcon aria-label={`${viewer.name}, ${title(viewer.role)}`}><IconUser size={17} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{viewer.name} · {title(viewer.role)}</Menu.Label>
                {viewer.customers === null ? null : <Menu.Label>{viewer.customers.map(({ name }) => name).join(', ')}</Menu.Label>}
                {settings().graphiql ? <Menu.Item component="a" href="/graphiql" target="_blank">GraphiQL</Menu.Item> : null}
                <Menu.Item leftSection={<IconLogout size={15} />} onClick={viewer.leave}>Sign out</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </div>
        </div>
      </nav>
      <main className="main" aria-label={places.find(({ href }) => isHere(href))?.name ?? 'Page'}>
        <Lost />
        {children}
      </main>
      <ShortcutsHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  )
}

function Lost(): ReactElement | null {
  const lostAt = useLostAt()
  const { zone } = useViewer()
  return (
    <div role="status">
      {lostAt === null ? null : <div className="lost">The gateway cannot be reached. What you see is as of {clock(lostAt, zone)}; it goes on by itself once the network is back.</div>}
    </div>
  )
}

/** The top of a page. */
export function Head({ name, children }: { name: ReactNode; children?: ReactNode }): ReactElement {
  return <header className="head"><h1>{name}</h1>{children}</header>
}
