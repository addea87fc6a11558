// Counts over time, side by side or one upon the other. Loaded where they are looked at.
import type { ReactElement } from 'react'
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

export interface Series {
  key: string
  name: string
  color: string
  stack?: string
}

export default function Bars({ rows, series, label, height = 190 }: { rows: readonly Record<string, string | number>[]; series: readonly Series[]; label: string; height?: number }): ReactElement {
  return (
    <div role="img" aria-label={label} style={{ height }}>
      <ResponsiveContainer>
        <BarChart data={rows as Record<string, string | number>[]} margin={{ top: 6, right: 8, bottom: 0, left: -18 }} barGap={1} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="at" tickLine={false} axisLine={{ stroke: 'var(--line-strong)' }} minTickGap={24} />
          <YAxis allowDecimals={false} tickLine={false} axisLine={false} />
          <Tooltip cursor={{ fill: 'var(--ground-3)' }} contentStyle={{ background: 'var(--ground)', border: '1px solid var(--line-strong)', borderRadius: 5, fontSize: 12 }} labelStyle={{ color: 'var(--ink)' }} itemStyle={{ color: 'var(--ink)', padding: 0 }} isAnimationActive={false} />
          <Legend iconSize={9} wrapperStyle={{ fontSize: 12 }} formatter={(value: string) => <span style={{ color: 'var(--ink)' }}>{value}</span>} />
          {series.map(({ key, name, color, stack }) => <Bar key={key} dataKey={key} name={name} fill={color} isAnimationActive={false} {...(stack === undefined ? {} : { stackId: stack })} />)}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
