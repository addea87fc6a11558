import { createTheme, Modal, Tooltip } from '@mantine/core'

/** Dense and calm: a tool for eight hours. */
export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  primaryColor: 'ocean',
  primaryShade: 7,
  colors: {
    ocean: ['#e8f5fa', '#d3e7ef', '#a3cfdf', '#70b6cf', '#48a1c1', '#2f94b9', '#1f8db5', '#14708f', '#0e6785', '#00536d'],
    // Dark enough on white, and light enough on black, to be read.
    red: ['#fdecea', '#fbd5d1', '#f5aaa3', '#f07f75', '#ff8a80', '#f1685c', '#d9483b', '#b42318', '#9a1d13', '#7d160e'],
  },
  defaultRadius: 'sm',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '17px' }, h2: { fontSize: '14px' }, h3: { fontSize: '13px' } } },
  components: {
    // The page itself never scrolls, so nothing need be locked: a lock would add a style that the page's policy has not seen.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 80 }, closeButtonProps: { 'aria-label': 'Close' }, overlayProps: { backgroundOpacity: 0.35 } } }),
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 80 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 320, transitionProps: { duration: 0 } } }),
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md' } },
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { transitionProps: { duration: 0 } } } },
    MultiSelect: { defaultProps: { size: 'xs', comboboxProps: { transitionProps: { duration: 0 } } } },
    Autocomplete: { defaultProps: { size: 'xs', comboboxProps: { transitionProps: { duration: 0 } } } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 0 } },
    Badge: { defaultProps: { variant: 'light', size: 'sm', radius: 'sm' } },
  },
})
