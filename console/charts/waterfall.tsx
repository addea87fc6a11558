// How a quantity comes about, step by step. Loaded where it is looked at.
import type { ReactElement } from 'react'
import { Bar, BarChart, Cell, LabelList, ResponsiveContainer, XAxis, YAxis } from 'recharts'

export interface Step {
  label: string
  change: number
  result: number
}

export default function Waterfall({ steps }: { steps: readonly Step[] }): ReactElement {
  const rows = [
    ...steps.map(({ label, change, result }, index) => ({ label, span: index === 0 ? [Math.min(0, result), Math.max(0, result)] : [Math.min(result, result - change), Math.max(result, result - change)], change, first: index === 0 })),
    ...(steps.length > 1 ? [{ label: 'Told', span: [Math.min(0, steps.at(-1)!.result), Math.max(0, steps.at(-1)!.result)], change: steps.at(-1)!.result, first: true }] : []),
  ]
  return (
    <div role="img" aria-label={steps.map(({ label, change, result }) => `${label}: ${change}, then ${result}`).join('; ')} style={{ height: 40 + rows.length * 24, maxWidth: 560 }}>
      <ResponsiveContainer>
        <BarChart data={rows} layout="vertical" margin={{ top: 2, right: 54, bottom: 2, left: 4 }} barCategoryGap={4} accessibilityLayer={false}>
          <XAxis type="number" hide domain={[(least: number) => Math.min(0, least), 'dataMax']} />
          <YAxis type="category" dataKey="label" width={190} axisLine={false} tickLine={false} interval={0} />
          <Bar dataKey="span" isAnimationActive={false} radius={2}>
            {rows.map(({ change, first }, index) => <Cell key={`${rows[index]!.label}${index}`} fill={first ? 'var(--mantine-color-ocean-6)' : change < 0 ? 'var(--mantine-color-red-5)' : 'var(--mantine-color-teal-6)'} />)}
            <LabelList dataKey="change" position="right" formatter={(value) => (typeof value === 'number' && value > 0 ? value.toLocaleString('en-US') : String(value ?? ''))} />
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
