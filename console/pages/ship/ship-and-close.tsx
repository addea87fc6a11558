import type { ReactElement } from 'react'
export default function Page(_: { id?: string }): ReactElement { return <p>soon</p> }
