// Short words at the corner of the page: what was done, or why not.
import { notifications } from '@mantine/notifications'
import type { GatewayError } from '../../src/client/gateway-error.ts'

export const told = (message: string): void => void notifications.show({ message, color: 'teal', withBorder: true, closeButtonProps: { 'aria-label': 'Close' } })

/** `stays`: until it is closed. */
export function toldOf(error: unknown, stays = false): void {
  const { code, message, requestId } = error as GatewayError
  const words = code === 'NETWORK_ERROR' ? 'No answer came: look whether it was done before you try again.' : code === 'FORBIDDEN' ? 'That is not for your role.' : message
  notifications.show({ message: `${words}${requestId == null ? '' : ` (request ${requestId.slice(0, 8)})`}`, color: 'red', autoClose: stays ? false : 12_000, withBorder: true, closeButtonProps: { 'aria-label': 'Close' } })
}
