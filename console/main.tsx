import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './frame/look.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { createRoot } from 'react-dom/client'
import { Console } from './frame/console.tsx'
import { theme } from './frame/theme.ts'
import { takeTokenFromAddress } from './data/session.ts'
import { readSettings } from './data/settings.ts'

takeTokenFromAddress()
await readSettings()

const nonce = document.querySelector<HTMLStyleElement>('#nonce')?.nonce ?? ''

createRoot(document.querySelector('#root')!).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <Notifications position="bottom-right" limit={4} autoClose={6000} />
    <Console />
  </MantineProvider>,
)
